//! A Chromium of its own for one test: its profile is thrown away, its processes end with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Long enough for a page on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often somebody who waits looks again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub struct Chromium {
    driver: Child,
    port: u16,
    profiles: TempDir,
    windows: u32,
}

impl Chromium {
    /// Starts ChromeDriver on a free port.
    pub fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("ChromeDriver starts");
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let after = line.split("started successfully on port ").nth(1)?;
            after.trim_end_matches('.').parse().ok()
        });
        let profiles = tempfile::Builder::new().prefix("dosvid-chromium-").tempdir().expect("a folder");
        Self { driver, port: port.expect("ChromeDriver names its port"), profiles, windows: 0 }
    }

    /// A browser with an empty profile: somebody at a computer of their own.
    pub async fn window(&mut self, width: u32, dark: bool) -> Window {
        self.window_with(width, dark, &[]).await
    }

    /// The same, with more flags for Chromium.
    pub async fn window_with(&mut self, width: u32, dark: bool, more: &[&str]) -> Window {
        self.windows += 1;
        let profile = self.profiles.path().join(self.windows.to_string());
        let mut flags: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
        ]
        .map(str::to_owned)
        .into();
        flags.push(format!("--user-data-dir={}", profile.display()));
        flags.push(format!("--window-size={width},900"));
        if dark {
            flags.push("--force-dark-mode".into());
            flags.push("--blink-settings=preferredColorScheme=0".into());
        }
        flags.extend(more.iter().map(|flag| (*flag).to_owned()));
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".into(), json!({ "args": flags }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("a browser");
        Window { client }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A window that somebody looks at. Whoever opened it must close it.
pub struct Window {
    pub client: Client,
}

impl Window {
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Waits until there is an element, and gives it.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.client.find(Locator::Css(css)).await {
                Ok(element) => return element,
                Err(error) => assert!(Instant::now() < end, "{css}: {error}\n{}", self.text().await),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Types into a field, in place of what it says.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap_or_else(|error| panic!("{css}: {error}"));
        field.send_keys(text).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks what is there, scrolled to where nothing covers it.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", vec![json!(element)]).await;
        element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks, and waits for the address to which it leads.
    pub async fn click_to(&self, css: &str, part: &str) {
        self.click(css).await;
        self.at(part).await;
    }

    /// Waits until the address contains a part.
    pub async fn at(&self, part: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let address = self.client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
            if address.contains(part) {
                return;
            }
            assert!(Instant::now() < end, "at {address} and not at {part}:\n{}", self.text().await);
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until the page says something.
    pub async fn says(&self, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(Instant::now() < end, "nothing about {words:?} in:\n{text}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub async fn text(&self) -> String {
        let text = self.client.execute("return document.body ? document.body.innerText : ''", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script:.80}: {error}"))
    }

    /// Keeps a picture, where `DOSVID_PICTURES` names a folder for them.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("DOSVID_PICTURES") {
            let height = self.run("return document.documentElement.scrollHeight", Vec::new()).await;
            let (width, _) = self.client.get_window_size().await.expect("a size");
            let all = u32::try_from(height.as_u64().unwrap_or(900)).unwrap_or(900).clamp(900, 6_000);
            self.client.set_window_size(u32::try_from(width).expect("a width"), all).await.expect("resized");
            let png = self.client.screenshot().await.expect("a picture");
            std::fs::write(std::path::Path::new(&folder).join(format!("{}.png", name.replace('/', "-"))), png)
                .expect("kept");
        }
    }

    pub async fn close(self) {
        self.client.close().await.expect("closed");
    }
}
