//! A Chromium of its own for one test: its profile is thrown away, its processes end with it.

use std::io::{BufRead, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Long enough for a page on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Long enough for thousands of rows on a busy machine.
const LONG_PATIENCE: Duration = Duration::from_mins(4);
/// Long enough for browsers to end.
const END_PATIENCE: Duration = Duration::from_secs(10);
/// How often somebody who waits looks again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The height of what a page sees.
const HEIGHT: u32 = 900;

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
        let lines = std::io::BufReader::new(driver.stdout.take().expect("its output")).lines();
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
        wanted.insert("goog:loggingPrefs".into(), json!({ "performance": "ALL" }));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("a browser");
        let window = Window { client, port: self.port };
        // A window of Chromium is never narrower than 500 px; what a page sees can be.
        let size = json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
        window.protocol("Emulation.setDeviceMetricsOverride", &size).await;
        window
    }
}

impl Drop for Chromium {
    /// Lets ChromeDriver end its browsers: killed, it would leave those of a failed test behind.
    fn drop(&mut self) {
        let request = format!("GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n\r\n", self.port);
        let asked = std::net::TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(END_PATIENCE))?;
            stream.write_all(request.as_bytes())?;
            stream.read(&mut [0; 64])
        });
        let end = Instant::now() + END_PATIENCE;
        while asked.is_ok() && Instant::now() < end && self.driver.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::sleep(LOOK_EVERY);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A window that somebody looks at. Whoever opened it must close it.
pub struct Window {
    pub client: Client,
    port: u16,
}

impl Window {
    /// From now on each page notes in `refusals` what its content policy refused, and dialogs that a
    /// script wanted to show.
    pub async fn watch(&self) {
        let script = "window.refusals = [];
            document.addEventListener('securitypolicyviolation', (refused) =>
              window.refusals.push(`${refused.effectiveDirective} ${refused.blockedURI} ${refused.sample}`));
            for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
              window[name] = (...given) => window.refusals.push(`${name}(${given})`);";
        self.protocol("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script })).await;
    }

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

    /// Clicks what sends a form that comes back at the same address, and waits for the page that follows:
    /// what is typed before would go into the page that is being left.
    pub async fn click_away(&self, css: &str) {
        self.run("window.left = true", Vec::new()).await;
        self.click(css).await;
        self.holds("return !window.left && document.readyState === 'complete'").await;
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

    /// Waits until a script says yes.
    pub async fn holds(&self, script: &str) {
        self.holds_within(script, PATIENCE).await;
    }

    /// The same for what takes a node minutes.
    pub async fn holds_long(&self, script: &str) {
        self.holds_within(script, LONG_PATIENCE).await;
    }

    async fn holds_within(&self, script: &str, patience: Duration) {
        let end = Instant::now() + patience;
        // A page that is just being left answers nothing.
        while self.client.execute(script, Vec::new()).await.ok().and_then(|said| said.as_bool()) != Some(true) {
            assert!(Instant::now() < end, "never: {script}\n{}", self.text().await);
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until a script gives something, on a page that may be busy for minutes.
    pub async fn given(&self, script: &str, what: &str) -> Value {
        let end = Instant::now() + LONG_PATIENCE;
        loop {
            // A page that is busy lets scripts wait until ChromeDriver gives up: that is no answer yet.
            match self.client.execute(script, Vec::new()).await {
                Ok(given) if !given.is_null() => return given,
                other => assert!(Instant::now() < end, "{what}: never gave {script}: {other:?}"),
            }
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

    /// Asks Chromium itself for what WebDriver does not know.
    pub async fn protocol(&self, command: &str, parameters: &Value) -> Value {
        self.driver("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }

    /// Every address that was asked for since the last time, of whatever host, answered or not.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.driver("se/log", &json!({ "type": "performance" })).await;
        let entries = log.as_array().expect("a log").iter();
        let events = entries.filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok());
        let asked = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        let address = |event: Value| event["message"]["params"]["request"]["url"].as_str().map(str::to_owned);
        asked.filter_map(address).collect()
    }

    /// Asks ChromeDriver for what is its own.
    async fn driver(&self, path: &str, body: &Value) -> Value {
        let session = self.client.session_id().await.expect("asked").expect("a session");
        let body = body.to_string();
        let request = format!(
            "POST /session/{session}/{path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("ChromeDriver listens");
        stream.write_all(request.as_bytes()).await.expect("sent");
        // ChromeDriver keeps connections open: the length says where the answer ends.
        let mut answer = BufReader::new(stream);
        let (mut status, mut len) = (String::new(), 0);
        answer.read_line(&mut status).await.expect("a status");
        loop {
            let mut line = String::new();
            answer.read_line(&mut line).await.expect("a head");
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    len = value.trim().parse().expect("a length");
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; len];
        answer.read_exact(&mut body).await.expect("a body");
        assert!(status.contains(" 200"), "{path}: {}", String::from_utf8_lossy(&body));
        let mut answer: Value = serde_json::from_slice(&body).expect("JSON");
        answer["value"].take()
    }

    /// Bytes that Chromium gives as text: a picture, a printed page.
    pub async fn bytes(&self, command: &str, parameters: &Value) -> Vec<u8> {
        let answer = self.protocol(command, parameters).await;
        let data = answer["data"].as_str().unwrap_or_else(|| panic!("{command}: {answer}"));
        data_encoding::BASE64.decode(data.as_bytes()).expect("base64")
    }

    /// Keeps a picture, where `DOSVID_PICTURES` names a folder for them.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("DOSVID_PICTURES") {
            let size =
                self.run("const all = document.documentElement; return [innerWidth, all.scrollHeight]", Vec::new());
            let size = size.await;
            let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
            let png =
                self.bytes("Page.captureScreenshot", &json!({ "captureBeyondViewport": true, "clip": clip })).await;
            std::fs::write(std::path::Path::new(&folder).join(format!("{}.png", name.replace('/', "-"))), png)
                .expect("kept");
        }
    }

    pub async fn close(self) {
        self.client.close().await.expect("closed");
    }
}
