//! Whether anything that somebody wrote ran in the browser, or got as far as being an element.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::chromium::Window;

/// Everything on the page that no page of ours has, what ran, and which of the texts stand there.
const LOOK: &str = r"const [known, texts, address] = arguments;
    const wrong = window.refusals.map((refused) => 'ran or was refused: ' + refused);
    if (location.href !== address) wrong.push('went to ' + location.href);
    for (const name of Object.getOwnPropertyNames(window)) if (!known.includes(name)) wrong.push('left window.' + name);
    const said = [];
    const follows = ['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'background', 'srcset'];
    const never = 'iframe,object,embed,base,applet,frame,frameset,portal,style,template,math,audio,video,foreignObject,'
      + 'marquee,noscript,xmp,plaintext,listing,dialog,slot,meta[http-equiv]';
    for (const one of document.querySelectorAll('*')) {
      for (const { name, value } of one.attributes) {
        said.push(value);
        const runs = follows.includes(name) && !/^(https?:|mailto:|tel:|[/#?]|$)/.test(value);
        if (/^(on|style$|srcdoc$)/i.test(name) || runs) wrong.push('has ' + one.cloneNode().outerHTML.slice(0, 200));
      }
      if (one.matches(never)) wrong.push('has ' + one.cloneNode().outerHTML.slice(0, 200));
      if (one.matches('input,textarea')) said.push(one.value);
    }
    for (const script of document.scripts) {
      const own = script.src.startsWith(location.origin + '/assets/') && !script.textContent;
      if (!own && script.type !== 'application/ld+json') wrong.push('has ' + script.outerHTML.slice(0, 200));
    }
    const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) said.push(walk.currentNode.data);
    const all = said.join('\n');
    return [wrong, texts.flatMap((text, n) => all.includes(text) ? [n] : [])];";

/// A window in which whatever runs is noticed.
pub struct Traps {
    window: Window,
    /// What the pages of the program leave in their window.
    known: Value,
    /// Where it was, ever: a page may ask for itself once more after the log of its time was read, and on a busy
    /// machine the log tells of a request long after its page has come.
    opened: BTreeSet<String>,
}

impl Traps {
    /// Sets them; `innocent` is a page on which nobody wrote anything.
    pub async fn set(window: Window, innocent: &str) -> Self {
        window.watch().await;
        window.open(innocent).await;
        // ChromeDriver leaves something as well where it has looked for an element.
        window.find("body").await;
        let known = window.run("return Object.getOwnPropertyNames(window)", Vec::new()).await;
        // What Chromium asked for before, for pages of its own.
        window.requests().await;
        Self { window, known, opened: BTreeSet::from([innocent.to_owned()]) }
    }

    pub fn window(&self) -> &Window {
        &self.window
    }

    /// Says that somebody asked for something by hand.
    pub fn asked_for(&mut self, address: String) {
        self.opened.insert(address);
    }

    /// Opens a page; gives what is wrong with it, and the numbers of those of the texts that stand there.
    pub async fn open(&mut self, address: &str, texts: &[String]) -> (Vec<String>, Vec<usize>) {
        self.window.open(address).await;
        self.look(address, texts).await
    }

    /// Looks at the page that is open and should be at an address.
    pub async fn look(&mut self, address: &str, texts: &[String]) -> (Vec<String>, Vec<usize>) {
        self.opened.insert(address.to_owned());
        let found = self.window.run(LOOK, vec![self.known.clone(), json!(texts), json!(address)]).await;
        let wrong: Vec<String> = serde_json::from_value(found[0].clone()).expect("texts");
        let there: Vec<usize> = serde_json::from_value(found[1].clone()).expect("numbers");
        (wrong, there)
    }

    /// What was asked for since the last time that is neither a page that was opened, nor what pages of
    /// these homes load by themselves.
    pub async fn strange_requests(&self, homes: &[&str]) -> BTreeSet<String> {
        let loads = |path: &str| path.starts_with("/assets/") || path == "/api/v1/events";
        let own = |asked: &String| homes.iter().any(|home| asked.strip_prefix(home).is_some_and(loads));
        let asked = self.window.requests().await.into_iter();
        asked.filter(|asked| !self.opened.contains(asked) && !own(asked)).collect()
    }

    pub async fn close(self) {
        self.window.close().await;
    }
}
