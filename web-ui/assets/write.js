// Keeps the form as a draft while somebody writes, and counts letters. Without this script the
// buttons do the same.
(() => {
  "use strict";
  const form = document.getElementById("writing");
  if (!form) return;
  const said = document.getElementById("saved");
  // A copy that was left behind at this address is taken up as the draft that it was of.
  const PREFIX = "dosvid-draft:";
  let brought = null;
  try {
    brought = sessionStorage.getItem("dosvid-bring");
    sessionStorage.removeItem("dosvid-bring");
    // Whoever went elsewhere in between writes something else.
    if (brought && JSON.parse(localStorage.getItem(brought))?.from !== location.pathname + location.search) brought = null;
  } catch { /* A browser that keeps nothing brings nothing back. */ }
  if (brought) form.action = brought.slice(PREFIX.length);
  const key = PREFIX + new URL(form.action).pathname;
  const PAUSE_MS = 2000;
  const AGAIN_MS = 10000;
  const NEVER_KEPT = ["form_token", "proof", "sure"];
  let timer = 0;
  let changed = false;

  const pairs = (what) => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) data.append(name, value);
    data.set("do", what);
    return data;
  };
  const keepHere = () => {
    const data = pairs("copy");
    for (const name of NEVER_KEPT) data.delete(name);
    const from = location.pathname + location.search;
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), from, data: data.toString() })); } catch { /* A full or forbidden store: the node still keeps it. */ }
  };
  const sayMissing = (missing) => {
    document.getElementById("missing").hidden = !missing.length;
    document.getElementById("missing-count").textContent = missing.length;
    document.getElementById("missing-list").replaceChildren(...missing.map(([label, href]) => {
      const [line, link] = [document.createElement("li"), document.createElement("a")];
      link.href = href;
      link.textContent = label;
      line.append(link);
      return line;
    }));
  };
  // What a check finds stands beside its field; what is only missing yet is not held against it.
  const sayBeside = (found) => {
    for (const old of form.querySelectorAll("[data-found]")) old.remove();
    const still = new Set(found.map((one) => one.id));
    for (const error of form.querySelectorAll(".error[id$='-error']")) {
      const id = error.id.replace(/-error$/, "");
      if (still.has(id)) continue;
      error.closest(".field")?.classList.remove("wrong");
      document.getElementById(id)?.removeAttribute("aria-invalid");
      error.remove();
    }
    for (const one of found) {
      const field = document.getElementById(one.id);
      if (!field || one.kind === "missing" || document.getElementById(one.id + "-error")) continue;
      const note = document.createElement("p");
      note.id = one.id + "-found-" + one.kind;
      note.dataset.found = one.kind;
      note.className = one.kind === "hint" ? "found-hint" : "error";
      note.textContent = one.text;
      if (field.matches("fieldset")) field.append(note); else field.after(note);
      const said = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && document.getElementById(id));
      field.setAttribute("aria-describedby", [...new Set([...said, note.id])].join(" "));
    }
  };
  // Whoever is signed out loses nothing: the copy stays in the browser until the node has it.
  const signedOut = () => {
    const link = document.createElement("a");
    link.href = form.dataset.signIn;
    link.target = "_blank";
    link.textContent = form.dataset.toSignIn;
    said.replaceChildren(form.dataset.signedOut + " ", link);
    said.classList.add("bad");
    timer = setTimeout(save, AGAIN_MS);
  };
  const save = async () => {
    timer = 0;
    keepHere();
    changed = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: pairs("autosave"), credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 403) return signedOut();
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      said.classList.remove("bad");
      said.textContent = form.dataset.saved + " " + kept.saved;
      document.getElementById("percent").textContent = kept.percent + "%";
      document.getElementById("filled").value = kept.percent;
      sayMissing(kept.missing);
      sayBeside(kept.beside);
      if (!changed) localStorage.removeItem(key);
      history.replaceState(null, "", form.action);
    } catch {
      said.classList.add("bad");
      said.textContent = form.dataset.noLink;
      timer = setTimeout(save, AGAIN_MS);
    }
  };
  const later = () => {
    changed = true;
    keepHere();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };
  const count = (field) => {
    const counter = document.getElementById(field.id + "-counter");
    if (!counter) return;
    const most = Number(field.dataset.advised);
    const now = [...field.value].length;
    counter.textContent = form.dataset.of.replace("{now}", now).replace("{most}", most);
    counter.classList.toggle("over", now > most);
  };
  form.addEventListener("input", (event) => {
    if (event.target.dataset.advised) count(event.target);
    later();
  });
  // A form that is sent to a node which is off leaves the page, and with it what was typed; so first it is
  // asked whether the node is there.
  let asked = false;
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    keepHere();
    if (asked) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.dataset.alive, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) { signedOut(); said.scrollIntoView({ block: "nearest" }); return; }
      asked = true;
      form.requestSubmit(event.submitter);
    } catch {
      said.classList.add("bad");
      said.textContent = form.dataset.noLink;
      said.scrollIntoView({ block: "nearest" });
      timer = setTimeout(save, AGAIN_MS);
    }
  });

  // Sets every field to what a copy says; gives whether anything was different.
  const bringBack = (data) => {
    let back = false;
    const taken = new Map();
    const put = (field, what, value) => { if (field[what] !== value) { field[what] = value; back = true; } };
    for (const field of form.elements) {
      if (!field.name || field.name === "do" || NEVER_KEPT.includes(field.name)) continue;
      const values = data.getAll(field.name);
      const nth = taken.get(field.name) ?? 0;
      taken.set(field.name, nth + 1);
      if (field.type === "checkbox" || field.type === "radio") put(field, "checked", values.includes(field.value));
      else if (nth < values.length) put(field, "value", values[nth]);
    }
    // A row that this form does not show goes along with it, and is shown once the node has it.
    for (const [name, value] of data) {
      if (name === "do" || taken.has(name)) continue;
      const field = document.createElement("input");
      [field.type, field.name, field.value, back] = ["hidden", name, value, true];
      form.append(field);
    }
    return back;
  };
  // What an earlier visit could not save comes back, unless the node has something newer.
  let copy = null;
  try { copy = JSON.parse(localStorage.getItem(key)); } catch { copy = null; }
  if (copy && (brought || copy.at > Number(form.dataset.keptAt))) {
    if (bringBack(new URLSearchParams(copy.data))) { said.textContent = form.dataset.kept; later(); }
  } else {
    try { localStorage.removeItem(key); } catch { /* Nothing is kept, nothing is removed. */ }
  }
})();
