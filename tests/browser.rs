//! The pages in a real Chromium, driven by ChromeDriver against the real program.
//!
//! Where neither is installed, these tests say so and pass, unless `DOSVID_BROWSER_REQUIRED=1`.

mod axe;
mod chromium;
mod codes;
mod import;
mod keyboard;
mod live;
mod looking;
mod payloads;
mod public;
mod site;
mod story;
mod traps;
mod writing;

use chromium::Chromium;

/// The browser, or none with a line that says so where there is none.
fn browser() -> Option<Chromium> {
    let installed = ["chromium", "chromedriver"].iter().all(|program| {
        std::process::Command::new(program).arg("--version").output().is_ok_and(|ran| ran.status.success())
    });
    let required = std::env::var("DOSVID_BROWSER_REQUIRED").is_ok_and(|value| value == "1");
    assert!(installed || !required, "Chromium and ChromeDriver are required here and not installed");
    if !installed {
        eprintln!("skipped: Chromium and ChromeDriver are not installed (Debian: chromium, chromium-driver)");
    }
    installed.then(Chromium::start)
}
