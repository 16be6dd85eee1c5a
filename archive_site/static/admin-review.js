/* Keys for the review queue. Without this file every button and link still works.
   What a key does is written beside the element: <button data-key="a">. */

"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const STORE = "review-keys";
    const table = document.querySelector("#result_list tbody");
    const rows = table ? [...table.rows] : [];
    const box = document.getElementById("keys-on");
    let current = -1;

    function stored() {
        try {
            return localStorage.getItem(STORE) !== "off";
        } catch {
            return true;
        }
    }

    if (box) {
        box.checked = stored();
        box.addEventListener("change", () => {
            try {
                localStorage.setItem(STORE, box.checked ? "on" : "off");
            } catch {
                // Nothing is kept then; the box still holds for this page.
            }
        });
    }

    function go(to) {
        if (!rows.length) {
            return;
        }
        current = Math.max(0, Math.min(rows.length - 1, to));
        rows.forEach((row, place) => row.classList.toggle("current", place === current));
        rows[current].querySelector("[data-key='o']")?.focus({ preventScroll: true });
        rows[current].scrollIntoView({ block: "nearest" });
    }

    function checkbox(row) {
        return row?.querySelector("input.action-select");
    }

    /* The row that has the focus counts, if somebody came to it by tabs. */
    function place() {
        const focused = rows.findIndex((row) => row.contains(document.activeElement));
        return focused >= 0 ? focused : current;
    }

    function act(name) {
        const form = document.getElementById("changelist-form");
        const choice = form?.querySelector("select[name='action']");
        const row = rows[place()];
        if (!choice || ![...choice.options].some((option) => option.value === name)) {
            return;
        }
        if (!form.querySelector("input.action-select:checked")) {
            if (!row) {
                return;
            }
            checkbox(row).click();
        }
        choice.value = name;
        form.requestSubmit(form.querySelector("button[name='index']"));
    }

    const inList = {
        j: () => go(place() + 1),
        k: () => go(place() - 1),
        x: () => checkbox(rows[place()])?.click(),
        r: () => act("resolve"),
        d: () => act("dismiss"),
    };

    function typing(target) {
        return target.closest("input:not([type='checkbox'], [type='radio']), select, textarea");
    }

    document.addEventListener("keydown", (event) => {
        const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
        if (!isPlain || event.isComposing || (box && !box.checked) || typing(event.target)) {
            return;
        }
        const key = event.key.toLowerCase();
        if (rows.length && key in inList) {
            event.preventDefault();
            inList[key]();
            return;
        }
        if (!/^[a-z1-9]$/.test(key)) {
            return;
        }
        const within = rows.length ? rows[place()] : document.getElementById("content");
        const found = within?.querySelector(`[data-key="${key}"]`);
        if (found) {
            event.preventDefault();
            found.click();
        }
    });
});
