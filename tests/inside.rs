//! A whole node in this process, asked through its router: everything but sockets is real.

use http::{Method, Request, Response};
use node::config::DataDir;
use node::node::{Node, Overrides};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use web_ui::Access;
use web_ui::public::PublicAddress;

use crate::process::{PATIENCE, wait_for};

/// The names of the node, at home and published.
pub const HOST: &str = "127.0.0.1:4642";
pub const PUBLIC: &str = "dosvid.example.ua";
pub const NAME: &str = "Оксана";
pub const PASSWORD: &str = "чотири сині парасолі";
/// Bytes of an answer at the most.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// An answer, read to its end.
pub type Answer = Response<Vec<u8>>;

/// A node with its routers.
pub struct Inside {
    folder: TempDir,
    runtime: Runtime,
    open: Option<Open>,
}

struct Open {
    node: Node,
    home: web_ui::Router,
    public: web_ui::Router,
}

impl Inside {
    /// A new node that writes for a community.
    pub fn founded(code: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let folder = tempfile::Builder::new().prefix("dosvid-inside-").tempdir().expect("a folder");
        let mut inside = Self { folder, runtime: runtime.expect("a runtime"), open: None };
        inside.open(false);
        let founded = inside.write(Method::POST, "/community", &json!({ "code": code, "device_name": "Комп’ютер" }));
        assert!(founded.status().is_success(), "{}", text(&founded));
        let administrator = json!({ "name": NAME, "role": "administrator", "password": PASSWORD });
        assert!(inside.write(Method::POST, "/accounts", &administrator).status().is_success());
        inside
    }

    fn open(&mut self, is_on_network: bool) {
        let _entered = self.runtime.enter();
        let on =
            is_on_network.then(|| Overrides { listen: vec!["/ip4/127.0.0.1/tcp/0".into()], ..Overrides::default() });
        let node = Node::open_with(DataDir(self.folder.path().to_owned()), on).expect("the folder opens");
        let access = Access { token: node.token.clone(), hosts: vec![HOST.into()] };
        let address = PublicAddress::parse(&format!("https://{PUBLIC}")).expect("an address");
        let home = web_ui::router(node.library.clone(), access);
        let public = web_ui::public_router(node.library.clone(), address);
        self.open = Some(Open { node, home, public });
    }

    fn close(&mut self) {
        if let Some(Open { node, home, public }) = self.open.take() {
            drop((home, public));
            let _entered = self.runtime.enter();
            node.close();
        }
    }

    /// Opens the folder anew with an index, and waits until everything can be found.
    pub fn with_index(&mut self, documents: u64) {
        self.close();
        self.open(true);
        self.find_all(documents);
    }

    /// Waits until at least so many documents can be found. The first search begins the index.
    pub fn find_all(&self, documents: u64) {
        let _ = self.write(Method::GET, "/search?q=x", &Value::Null);
        wait_for("the index", PATIENCE, || {
            let status = self.json("/status");
            let index = &status["index"];
            let found = index["state"] == "ready" && index["documents"].as_u64() >= Some(documents);
            if found { Ok(()) } else { Err(index.to_string()) }
        });
    }

    /// The open node.
    pub fn node(&self) -> &Node {
        &self.open.as_ref().expect("open").node
    }

    /// Asks the router of those at home.
    pub fn ask(&self, request: Request<Vec<u8>>) -> Answer {
        self.runtime.block_on(web_ui::serve::answer(&self.open.as_ref().expect("open").home, request, ANSWER_MAX))
    }

    /// Asks the router that is published.
    pub fn ask_public(&self, path: &str) -> Answer {
        let request = Request::builder().uri(path).header("host", PUBLIC).body(Vec::new()).expect("a request");
        self.runtime.block_on(web_ui::serve::answer(&self.open.as_ref().expect("open").public, request, ANSWER_MAX))
    }

    /// Serves both routers on sockets of this computer while something runs, which is given where.
    pub fn served<T>(&self, run: impl FnOnce(&str, &str) -> T) -> T {
        let node = self.node();
        let bound = || {
            let socket = self.runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a socket");
            let host = socket.local_addr().expect("bound").to_string();
            (socket, host)
        };
        let ((at_home, host), (on_web, public)) = (bound(), bound());
        let access = Access { token: node.token.clone(), hosts: vec![host.clone()] };
        let address = PublicAddress::parse(&format!("http://{public}")).expect("an address");
        let routers = [
            (at_home, web_ui::router(node.library.clone(), access)),
            (on_web, web_ui::public_router(node.library.clone(), address)),
        ];
        let served = routers.map(|(socket, router)| {
            let (end, ended) = oneshot::channel::<()>();
            let stop = async { ended.await.unwrap_or_default() };
            (end, self.runtime.spawn(web_ui::serve::serve(socket, router, stop)))
        });
        let done = run(&format!("http://{host}"), &format!("http://{public}"));
        for (end, serving) in served {
            drop(end);
            self.runtime.block_on(serving).expect("it ended").expect("no fault of the socket");
        }
        done
    }

    /// Asks the API with the token.
    pub fn write(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, "application/json", body.to_string().into_bytes())
    }

    /// Gives records to the node as a block.
    pub fn take_block(&self, block: Vec<u8>) -> Value {
        let answer = self.send(Method::POST, "/bundle", "application/octet-stream", block);
        assert!(answer.status().is_success(), "{}", text(&answer));
        json_of(&answer)
    }

    fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", HOST)
            .header("authorization", format!("Bearer {}", self.node().token))
            .header("content-type", kind);
        self.ask(request.body(body).expect("a request"))
    }

    /// Reads from the API.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.write(Method::GET, path, &Value::Null);
        assert!(answer.status().is_success(), "{path}: {}", text(&answer));
        json_of(&answer)
    }

    /// A browser in which the administrator has signed in.
    pub fn browser(&self) -> Browser<'_> {
        let mut browser = Browser { inside: self, cookies: String::new(), token: String::new() };
        let signed = browser.post("/sign-in", &[("name", NAME), ("password", PASSWORD)]);
        let cookies = signed.headers().get_all("set-cookie").iter().map(|value| value.to_str().expect("text"));
        let cookies: Vec<&str> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        assert!(!cookies.is_empty(), "not signed in: {}", text(&signed));
        browser.cookies = cookies.join("; ");
        let page = text(&browser.get("/account"));
        let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        browser.token = token.expect("a token").to_owned();
        browser
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.close();
    }
}

/// Somebody who is signed in.
pub struct Browser<'a> {
    inside: &'a Inside,
    cookies: String,
    token: String,
}

impl Browser<'_> {
    pub fn get(&self, path: &str) -> Answer {
        let request = Request::builder().uri(path).header("host", HOST).header("cookie", &self.cookies);
        self.inside.ask(request.body(Vec::new()).expect("a request"))
    }

    /// Sends a form with the token of the session.
    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs).append_pair("form_token", &self.token);
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", HOST)
            .header("cookie", &self.cookies)
            .header("origin", format!("http://{HOST}"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.inside.ask(request.body(form.finish().into_bytes()).expect("a request"))
    }
}

/// The body as text.
pub fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or_else(|error| panic!("{error}: {}", text(answer)))
}
