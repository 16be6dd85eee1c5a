/* Keys of the list of articles and of their form. Everything they do can be done without them, and
   single letters are off while one types, or for good: the box in the help says so. */
"use strict";

{
    const STORE = "review-keys";
    const help = document.getElementById("keys-help");
    const box = document.getElementById("keys-on");
    const opener = document.getElementById("keys-open");
    const form = document.querySelector("body.writes #content-main form[method=post]");
    const table = document.querySelector("#result_list tbody");
    let current = -1;

    const isOn = () => {
        try {
            return localStorage.getItem(STORE) !== "off";
        } catch {
            return true;
        }
    };
    let on = isOn();
    if (box) {
        box.checked = on;
        box.addEventListener("change", () => {
            on = box.checked;
            try {
                localStorage.setItem(STORE, on ? "on" : "off");
            } catch {
                // Nothing is kept then; the box still holds for this page.
            }
        });
    }
    if (opener && help) {
        opener.hidden = false;
        opener.addEventListener("click", () => help.showModal());
    }

    const linkOf = (row) => row?.querySelector(".field-headline_shown a");
    const rows = () => (table ? [...table.rows].filter((row) => linkOf(row) && !row.hidden) : []);
    const place = () => {
        const focused = rows().findIndex((row) => row.contains(document.activeElement));
        return focused >= 0 ? focused : current;
    };
    const row = () => rows()[place()];
    const go = (to) => {
        const all = rows();
        if (!all.length) {
            return;
        }
        current = Math.max(0, Math.min(all.length - 1, to));
        all.forEach((one, number) => one.classList.toggle("current", number === current));
        linkOf(all[current]).focus({ preventScroll: true });
        all[current].scrollIntoView({ block: "nearest" });
    };

    const inList = {
        j: () => go(place() + 1),
        k: () => go(place() - 1),
        o: () => linkOf(row())?.click(),
        x: () => row()?.querySelector("input.action-select")?.click(),
        e: () => row()?.querySelector("button.quick")?.click(),
        "/": () => document.getElementById("searchbar")?.focus(),
    };

    const isTyped = (target) =>
        target.isContentEditable ||
        target.closest(
            "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), select, textarea," +
                " [role=textbox], [role=combobox], .select2-container, dialog",
        ) !== null;

    // Before the selects see it, which would open.
    const save = (event) => {
        const isControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
        const button = form?.querySelector("[name=_next]") ?? form?.querySelector("[name=_save]");
        if (isControl && event.key === "Enter" && button && !document.querySelector("dialog[open]")) {
            event.preventDefault();
            event.stopPropagation();
            form.requestSubmit(button);
        }
    };
    document.addEventListener("keydown", save, { capture: true });

    document.addEventListener("keydown", (event) => {
        if (event.isComposing || event.defaultPrevented) {
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || !on || isTyped(event.target)) {
            return;
        }
        if (event.key === "?" && help) {
            event.preventDefault();
            help.showModal();
            return;
        }
        if (event.shiftKey && event.key !== "/") {
            return;
        }
        const key = event.key.toLowerCase();
        if (table && key in inList) {
            event.preventDefault();
            inList[key]();
            return;
        }
        const link = !table && /^[jk]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
        if (link) {
            event.preventDefault();
            link.click();
        }
    });
}
