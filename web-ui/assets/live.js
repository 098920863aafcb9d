// Renews the parts of a page that tell how the node stands as soon as the node says that something has
// changed, and lists what comes in while the page is open. Without it the page says what was so when
// it was loaded.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-live]")].map((part) => part.id);
  if (!parts.length || !window.EventSource) return;
  // The page is this node's own, as escaped as when it was loaded.
  const policy = window.trustedTypes ? trustedTypes.createPolicy("live", { createHTML: (page) => page }) : null;
  const PAUSE_MS = 1500;
  // By then the search has taken in what has come, and counts it.
  const LATER_MS = 6000;
  // Lines that a reader takes in at a glance.
  const LINES_MAX = 5;
  let waiting = false;
  let later = 0;

  const renew = async () => {
    waiting = false;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const text = await answer.text();
      const page = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
      for (const id of parts) {
        const [fresh, now] = [page.getElementById(id), document.getElementById(id)];
        if (fresh && now && fresh.textContent !== now.textContent && !now.contains(document.activeElement)) {
          now.replaceWith(document.adoptNode(fresh));
        }
      }
    } catch {
      // The node is restarting: the stream of events comes back by itself, and then so do we.
    }
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(renew, PAUSE_MS);
    clearTimeout(later);
    later = setTimeout(renew, LATER_MS);
  };

  // What has just come, newest first; texts are set as texts, whoever wrote them.
  const feed = document.getElementById("feed");
  const tell = (what, title) => {
    if (!feed || !what) return;
    const line = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = new Date().toLocaleTimeString("uk-UA", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Kiev" });
    line.append(time, " " + what + (title ? ": " + title : ""));
    if (feed.firstElementChild?.lastChild.textContent === line.lastChild.textContent) feed.firstElementChild.remove();
    feed.prepend(line);
    while (feed.children.length > LINES_MAX) feed.lastElementChild.remove();
    feed.hidden = false;
    document.getElementById("feed-label").hidden = false;
  };
  const said = (event) => { try { return JSON.parse(event.data); } catch { return {}; } };

  const events = new EventSource("/api/v1/events");
  events.addEventListener("document", (event) => tell(feed?.dataset.document, said(event).title));
  events.addEventListener("withdrawn", () => tell(feed?.dataset.withdrawn));
  events.addEventListener("community", () => tell(feed?.dataset.community));
  for (const name of ["peers", "catch_up", "document", "withdrawn", "community", "lagged"]) events.addEventListener(name, soon);
  events.addEventListener("open", soon);
  addEventListener("pagehide", () => events.close());
})();
