//! axe-core on a page: whatever it names as a violation of WCAG 2.2 A and AA is a failure.

use super::chromium::Window;

const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

/// Fails with what axe-core finds wrong on the page that is open.
pub async fn check(window: &Window, what: &str) {
    let said = found(window, what).await;
    assert!(said.is_empty(), "{what}:\n{}", said.join("\n"));
}

/// What axe-core finds wrong on the page that is open.
pub async fn found(window: &Window, what: &str) -> Vec<String> {
    window.run(AXE, Vec::new()).await;
    // What is looked at may be large and the machine busy, so nothing waits in the page: the outcome is left
    // there, and asked for until it is.
    let script = "window.axeFound = null;
        setTimeout(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: false })
          .then((found) => window.axeFound = found.violations.map((one) => ({ id: one.id, nodes: one.nodes.map((node) => node.html.slice(0, 300) + ' ' + node.failureSummary) })))
          .catch((error) => window.axeFound = String(error)));";
    window.run(script, Vec::new()).await;
    let found = window.given("return window.axeFound", what).await;
    let violations = found.as_array().unwrap_or_else(|| panic!("{what}: axe-core gave {found}"));
    violations.iter().map(|one| format!("{}: {}", one["id"], one["nodes"])).collect()
}
