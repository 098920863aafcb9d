// Copies of forms that this browser keeps until the node has them: forgets those that have arrived, and
// offers those that were left behind when the node or the connection was lost.
(() => {
  "use strict";
  const PREFIX = "dosvid-draft:";
  // The node names the draft that it has just kept; the copy of it has done its work.
  const ARRIVED = /(?:^|; )dosvid-kept=([0-9a-f]+)/;
  const copies = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

  const forgetArrived = () => {
    const arrived = ARRIVED.exec(document.cookie);
    if (!arrived) return;
    for (const key of copies()) if (key.endsWith("/" + arrived[1])) localStorage.removeItem(key);
    document.cookie = "dosvid-kept=; path=/; max-age=0; samesite=strict";
  };
  // Whoever signs out of a shared computer leaves nothing there.
  const forgetAll = () => { for (const key of copies()) localStorage.removeItem(key); };

  const button = (label, name, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = name;
    one.textContent = label;
    one.addEventListener("click", act);
    return one;
  };
  const line = (list, key, copy) => {
    const item = document.createElement("li");
    const said = new URLSearchParams(copy.data);
    const title = (said.get("title") || said.get("text") || list.dataset.untitled).trim().slice(0, 120);
    const at = new Date(copy.at).toLocaleString("uk-UA", { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", timeZone: "Europe/Kiev" });
    const bring = button(list.dataset.bring, "button small", () => {
      sessionStorage.setItem("dosvid-bring", key);
      location.assign(copy.from);
    });
    const drop = button(list.dataset.drop, "button small quiet", () => {
      localStorage.removeItem(key);
      item.remove();
      list.closest("section").hidden = !list.childElementCount;
    });
    item.append("«" + title + "», " + at + " ", bring, " ", drop);
    list.append(item);
  };
  const offer = () => {
    const list = document.getElementById("copies");
    const form = document.getElementById("writing");
    // The form that was asked for brings its copy back itself.
    if (!list || (form && sessionStorage.getItem("dosvid-bring"))) return;
    const own = form && PREFIX + new URL(form.action).pathname;
    for (const key of copies()) {
      const copy = read(key);
      // On a form, only what was typed at this very address; on the desk, everything.
      const here = copy && copy.from && key !== own && (!form || copy.from === location.pathname + location.search);
      if (here) line(list, key, copy);
    }
    list.closest("section").hidden = !list.childElementCount;
  };

  try {
    forgetArrived();
    offer();
    document.querySelector("form[data-forget]")?.addEventListener("submit", forgetAll);
  } catch { /* A browser that keeps nothing has nothing to offer. */ }
})();
