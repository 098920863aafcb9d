// Renews what the page of the network says as soon as the node tells that something has changed.
// Without it the page says the same whenever it is loaded.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live || !window.EventSource) return;
  // The page is this node's own, as escaped as when it was loaded.
  const policy = window.trustedTypes ? trustedTypes.createPolicy("network", { createHTML: (page) => page }) : null;
  const PAUSE_MS = 1500;
  let waiting = false;

  const renew = async () => {
    waiting = false;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const text = await answer.text();
      const page = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
      const fresh = page.getElementById("live");
      const now = document.getElementById("live");
      if (fresh && now && fresh.textContent !== now.textContent && !now.contains(document.activeElement)) {
        now.replaceWith(document.adoptNode(fresh));
      }
    } catch {
      // The node is restarting: the stream of events comes back by itself, and then so do we.
    }
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(renew, PAUSE_MS);
  };

  const events = new EventSource("/api/v1/events");
  for (const name of ["peers", "catch_up", "document", "withdrawn", "community", "lagged"]) events.addEventListener(name, soon);
  events.addEventListener("open", soon);
  addEventListener("pagehide", () => events.close());
})();
