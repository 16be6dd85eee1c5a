/* What finding gains from a script. Without it every part is a plain link or form. */
"use strict";

/* What is chosen on a timeline is seen, however long the line. */
function revealChosen(timeline) {
  const chosen = timeline.querySelector(".within, [aria-current]")?.getBoundingClientRect();
  const frame = timeline.getBoundingClientRect();
  if (chosen && (chosen.left < frame.left || chosen.right > frame.right)) {
    timeline.scrollLeft += chosen.left - frame.left - frame.width / 4;
  }
}

/* Dragging over a timeline fills in the form below it, and sends that. */
function letDrag(timeline) {
  const form = timeline.parentElement.querySelector("[data-period]");
  const bars = [...timeline.querySelectorAll("li")];
  let first = -1;
  let last = -1;
  let isDragged = false;

  const placeOf = (event) =>
    bars.findIndex((bar) => {
      const box = bar.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    });
  function mark(from, to) {
    [first, last] = [from, to];
    bars.forEach((bar, place) =>
      bar.classList.toggle(
        "dragged-over",
        first >= 0 && first !== last && place >= Math.min(first, last) && place <= Math.max(first, last),
      ),
    );
  }
  function end() {
    timeline.classList.remove("dragged");
    mark(-1, -1);
  }
  if (!form) return;

  /* A finger scrolls a timeline that is too long for the screen, which takes the pointer from here, and
     has the fields; it drags over one that is seen whole. */
  new ResizeObserver(() => {
    timeline.classList.toggle("whole", timeline.scrollWidth <= timeline.clientWidth);
  }).observe(timeline);

  timeline.addEventListener("pointerdown", (event) => {
    isDragged = false;
    if (event.button) return;
    const place = placeOf(event);
    mark(place, place);
  });
  timeline.addEventListener("dragstart", (event) => event.preventDefault());
  timeline.addEventListener("pointermove", (event) => {
    if (first < 0) return;
    const place = placeOf(event);
    if (place < 0 || place === last) return;
    timeline.classList.add("dragged");
    timeline.setPointerCapture(event.pointerId);
    mark(first, place);
  });
  timeline.addEventListener("pointercancel", end);
  timeline.addEventListener("pointerup", () => {
    const years = [...timeline.querySelectorAll(".dragged-over .year")].map((year) => year.textContent);
    end();
    if (!years.length) return;
    isDragged = true;
    [form.elements.since.value, form.elements.until.value] = [years[0], years.at(-1)];
    form.requestSubmit();
    form.reset(); // whoever comes back to this page finds it as it was
  });
  timeline.addEventListener(
    "click",
    (event) => {
      if (isDragged) event.preventDefault();
      isDragged = false;
    },
    { capture: true },
  );
}

document.querySelectorAll(".timeline").forEach((timeline) => {
  revealChosen(timeline);
  letDrag(timeline);
});

/* Suggestions under the search field: the combobox pattern of the ARIA Authoring Practices, with a
   list that opens below. */

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

/* A list changes in place: what a link or form of it leads to is fetched, and takes the place of what
   is shown. The address, the history and the page are those that a plain click would have led to; if
   anything goes wrong, it is a plain click. */
(() => {
  const list = document.getElementById("found");
  if (!list) return;
  const status = document.createElement("p");
  let asked = null;
  let shown = location.href;

  status.className = "unseen";
  status.setAttribute("role", "status");
  document.body.append(status);

  /* How to find the same control on the page that follows. */
  function nameOf(control) {
    const group = control.closest("[data-facet]")?.dataset.facet;
    const value = control.closest("li")?.querySelector(".value, .year")?.textContent;
    return group || control.closest(".timeline")
      ? { group, value, leaves: control.classList.contains("leave") }
      : { id: control.id, text: control.closest(".orders") ? control.textContent : "" };
  }

  function same(name) {
    if (name.id) return document.getElementById(name.id);
    if (name.text) {
      return [...list.querySelectorAll(".orders a")].find((link) => link.textContent === name.text);
    }
    const group = name.group ? `[data-facet="${name.group}"] .value` : ".timeline .year";
    const item = [...list.querySelectorAll(group)]
      .find((value) => value.textContent === name.value)
      ?.closest("li");
    return item?.querySelector(name.leaves ? ".leave" : "a") || item?.querySelector("a");
  }

  /* How far the first bar is from the edge of the timeline, whichever end it starts at. */
  function startOf(timeline) {
    return timeline && timeline.firstElementChild.getBoundingClientRect().left - timeline.getBoundingClientRect().left;
  }

  function put(page, name) {
    const isOpen = list.querySelector(".filters")?.open;
    const bars = startOf(list.querySelector(".timeline"));
    document.title = page.title;
    list.replaceChildren(...page.getElementById("found").childNodes);
    const filters = list.querySelector(".filters");
    if (isOpen && filters) filters.open = true;
    const timeline = list.querySelector(".timeline");
    if (timeline) {
      if (bars !== undefined) timeline.scrollLeft += startOf(timeline) - bars;
      revealChosen(timeline);
      letDrag(timeline);
    }
    /* A search from here keeps other filters now. */
    const field = document.getElementById("q");
    const from = page.getElementById("q");
    field.form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
    field.form.prepend(...from.form.querySelectorAll("input[type=hidden]"));
    field.value = from.getAttribute("value");
    field.placeholder = from.placeholder;
    field.labels[0].textContent = from.labels[0].textContent;
    const total = list.querySelector(".total");
    const control = name && same(name);
    (control?.checkVisibility() ? control : total).focus({ preventScroll: Boolean(control) });
    if (!control && total.getBoundingClientRect().top < 0) list.scrollIntoView();
    status.textContent = total.textContent.trim();
  }

  async function show(address, name, isNew) {
    asked?.abort();
    const mine = (asked = new AbortController());
    list.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { signal: mine.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok || !page.getElementById("found")) return location.assign(address);
      shown = response.url;
      if (isNew) history.pushState(null, "", shown);
      put(page, name);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    } finally {
      if (asked === mine) list.removeAttribute("aria-busy");
    }
  }

  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || link.pathname !== location.pathname) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.hash) return;
    event.preventDefault();
    show(link.href, link.closest(".pages, .chips") ? null : nameOf(link), true);
  });

  list.addEventListener("submit", (event) => {
    const form = event.target;
    if (new URL(form.action).pathname !== location.pathname) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(fields);
    show(query.size ? `${form.action}?${query}` : form.action, nameOf(event.submitter || form), true);
  });

  addEventListener("popstate", () => {
    if (location.href.split("#")[0] !== shown.split("#")[0]) show(location.href, null, false);
  });
})();

/* The fields that look for a value of a long facet answer while one types. */
(() => {
  const PAUSE = 150;
  let timer = 0;
  let asked = null;

  /* How many there are is said; that there are none is seen as well. */
  function tell(form, values) {
    const count = values.querySelectorAll("li, tbody tr").length;
    form.status.className = count ? "unseen" : "none";
    form.status.textContent = count ? form.dataset.some.replace("{count}", count) : form.dataset.none;
  }

  async function find(form) {
    const field = form.elements.find;
    const values = form.parentElement.querySelector("ul.values, table.values");
    if (!values) return form.requestSubmit();
    if (!form.status) {
      form.first = [...values.childNodes];
      form.status = document.createElement("p");
      form.status.setAttribute("role", "status");
      form.parentElement.querySelector(":scope > .none")?.remove();
      form.after(form.status);
    }
    asked?.abort();
    if (!field.value.trim() && form.closest("[data-facet]")) {
      values.replaceChildren(...form.first);
      return tell(form, values);
    }
    const mine = (asked = new AbortController());
    try {
      const response = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`, {
        signal: mine.signal,
      });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      values.replaceChildren(...(page.querySelector(".all-values .values")?.childNodes ?? []));
      tell(form, values);
    } catch {
      /* Given up for a newer one, or no connection: the form can still be sent. */
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-find]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE, form);
  });
})();
