/* Suggestions under the search field: the combobox pattern of the ARIA Authoring Practices, with a
   list that opens below. Without this script the field is a plain form. */
"use strict";

(() => {
  const PAUSE = 120; // milliseconds without a key before the archive is asked

  function connect(form) {
    const field = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    const status = document.createElement("p");
    let timer = 0;
    let asked = null;
    let current = -1;

    list.id = "suggestions";
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.label);
    status.className = "unseen";
    status.setAttribute("role", "status");
    form.append(list, status);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    field.autocomplete = "off";

    function close() {
      clearTimeout(timer);
      asked?.abort();
      asked = null;
      current = -1;
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      const options = list.children;
      options[current]?.setAttribute("aria-selected", "false");
      current = index;
      const option = options[current];
      if (!option) {
        current = -1;
        field.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    }

    function text(className, content) {
      const found = document.createElement(className === "meant" ? "bdi" : "span");
      found.className = className;
      found.textContent = content;
      return found;
    }

    function show(suggestions) {
      list.replaceChildren(
        ...suggestions.map((item, index) => {
          const option = document.createElement("li");
          option.id = `suggestion-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.url = item.url;
          option.append(text("kind", item.kind), " ", text("meant", item.label));
          if (item.detail) option.append(" ", text("detail", item.detail));
          return option;
        }),
      );
      current = -1;
      list.hidden = !suggestions.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      field.removeAttribute("aria-activedescendant");
      status.textContent = suggestions.length
        ? form.dataset.some.replace("{count}", suggestions.length)
        : form.dataset.none;
    }

    async function ask() {
      const wanted = field.value.trim();
      asked?.abort();
      if (!wanted) return close();
      const mine = (asked = new AbortController());
      try {
        const address = `${form.dataset.suggest}?${new URLSearchParams({ q: wanted })}`;
        const response = await fetch(address, { signal: mine.signal });
        if (!response.ok) return close();
        const found = await response.json();
        if (asked === mine && document.activeElement === field) show(found.suggestions);
      } catch (error) {
        if (error.name !== "AbortError") close(); // no connection: the form still works
      }
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const last = list.children.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          if (event.key === "ArrowDown") ask();
        } else if (event.key === "ArrowDown") {
          mark(current === last ? -1 : current + 1);
        } else {
          mark(current === -1 ? last : current - 1);
        }
        event.preventDefault();
      } else if (event.key === "Enter" && current >= 0) {
        location.assign(list.children[current].dataset.url);
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        close();
        event.preventDefault(); // a second Escape empties the field
      }
    });
    field.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
  }

  document.querySelectorAll("form[data-suggest]").forEach(connect);
})();
