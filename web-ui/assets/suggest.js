// Suggestions under the search box, or under one where only one kind is looked for. The box works without them: a request waits for a pause in typing,
// an answer that comes late or not at all changes nothing, and Enter always searches what is written.
"use strict";
(() => {
  const PAUSE_MS = 150;
  const LETTERS_MIN = 2;
  for (const form of document.querySelectorAll("form[data-suggest]")) attach(form);

  function attach(form) {
    const box = form.querySelector("input[name=q]");
    const list = document.createElement("ul");
    let timer = 0, running = null, chosen = -1, rows = [];
    list.className = "suggestions";
    list.id = box.id + "-list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.label);
    box.parentElement.append(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("autocomplete", "off");

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose((chosen + 1 + step + rows.length + 1) % (rows.length + 1) - 1);
        event.preventDefault();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        go(rows[chosen]);
      } else if (event.key === "Escape") {
        close();
      }
    });
    box.addEventListener("blur", () => setTimeout(close, PAUSE_MS));

    async function ask() {
      running?.abort();
      const beginning = box.value.trim();
      if (beginning.length < LETTERS_MIN) return close();
      running = new AbortController();
      try {
        const answer = await fetch("/api/v1/suggest?q=" + encodeURIComponent(beginning), { signal: running.signal });
        if (answer.ok && document.activeElement === box) show(await answer.json());
      } catch {
        // Stopped by the next letter, or the node is busy: typing goes on.
      }
    }

    function show(found) {
      rows = form.dataset.only ? found.filter((row) => row.kind === form.dataset.only) : found;
      chosen = -1;
      list.replaceChildren(...rows.map((row, index) => {
        const item = document.createElement("li");
        const text = document.createElement("span");
        text.textContent = row.text;
        item.id = list.id + index;
        item.setAttribute("role", "option");
        item.append(text);
        const kind = form.dataset[row.kind];
        if (kind) {
          const small = document.createElement("small");
          small.textContent = kind;
          item.append(small);
        }
        item.addEventListener("mousedown", (event) => { event.preventDefault(); go(row); });
        return item;
      }));
      list.hidden = rows.length === 0;
      box.setAttribute("aria-expanded", String(!list.hidden));
    }

    function choose(index) {
      chosen = index;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
      if (index < 0) box.removeAttribute("aria-activedescendant");
      else {
        box.setAttribute("aria-activedescendant", list.id + index);
        list.children[index].scrollIntoView({ block: "nearest" });
      }
    }

    function go(row) {
      const language = form.querySelector("input[name=lang]");
      const address = new URL(form.getAttribute("action"), location.origin);
      if (row.kind === "practice" && row.id) address.pathname = "/practices/" + row.id;
      else if (row.kind === "community" && row.id) address.pathname = "/communities/" + row.id;
      else if (row.filter) address.searchParams.set(row.filter[0], row.filter[1]);
      else address.searchParams.set("q", row.text);
      if (language) address.searchParams.set("lang", language.value);
      location.assign(address);
    }

    function close() {
      clearTimeout(timer);
      list.hidden = true;
      rows = [];
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }
  }
})();
