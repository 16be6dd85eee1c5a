/* What scripts add to articles and reading lists: a button to copy each citation, and a memory, in this
   browser only, of the list that was put together last. Without this file text is selected and copied by
   hand, and a list is what its address says. */
(() => {
  "use strict";

  const addCopyButtons = (section) => {
    const status = document.createElement("span");
    status.className = "unseen";
    status.setAttribute("role", "status");
    section.append(status);
    for (const text of section.querySelectorAll("[data-copy]")) {
      const heading = text.parentElement.querySelector("h3");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = section.dataset.copyLabel;
      if (heading) {
        button.setAttribute("aria-label", `${section.dataset.copyLabel}: ${heading.textContent}`);
      }
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.innerText.trim());
        status.textContent = section.dataset.copiedLabel;
        button.textContent = section.dataset.copiedLabel;
        setTimeout(() => {
          status.textContent = "";
          button.textContent = section.dataset.copyLabel;
        }, 2000);
      });
      text.before(button);
    }
  };

  const NAME = "reading-list";
  const MOST = 100;

  /* A browser may refuse to remember anything. */
  const memory = {
    read() {
      try {
        return (localStorage.getItem(NAME) || "").split(",").filter(Boolean);
      } catch {
        return [];
      }
    },
    write(keys) {
      try {
        localStorage.setItem(NAME, keys);
      } catch {
        return;
      }
    },
  };

  if (navigator.clipboard) {
    document.querySelectorAll("[data-copy-label]").forEach(addCopyButtons);
  }

  /* A list that was reached from this site is the reader's own; one that somebody sent is not. */
  const list = document.querySelector("[data-list-keys]");
  if (list && document.referrer.startsWith(`${location.origin}/`)) {
    memory.write(list.dataset.listKeys);
  }

  const link = document.querySelector("[data-list-add]");
  if (link && !new URLSearchParams(location.search).has("list")) {
    const kept = memory.read();
    const key = link.dataset.listAdd;
    const has = kept.includes(key);
    if (kept.length && (has || kept.length < MOST)) {
      link.href = `${link.pathname}?keys=${(has ? kept : [...kept, key]).join(",")}`;
      link.textContent = (has ? link.dataset.listHas : link.dataset.listMore).replace("{count}", kept.length);
    }
  }
})();
