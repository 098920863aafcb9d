// Shows how far an import is while it goes on. Without it, a link renews the page.
"use strict";
(() => {
  const PAUSE_MS = 700;
  const bar = document.getElementById("going");
  if (!bar) return;
  // The page is this node's own, as escaped as when it was loaded.
  const policy = window.trustedTypes ? trustedTypes.createPolicy("import", { createHTML: (page) => page }) : null;
  const look = async () => {
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const text = await answer.text();
        const page = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
        const fresh = page.getElementById("going");
        // Finished: the whole page says what came of it.
        if (!fresh) return location.reload();
        document.getElementById("done").value = page.getElementById("done").value;
        document.getElementById("said").textContent = page.getElementById("said").textContent;
      }
    } catch {
      // The node is restarting: it is asked again.
    }
    setTimeout(look, PAUSE_MS);
  };
  setTimeout(look, PAUSE_MS);
})();
