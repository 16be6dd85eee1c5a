/* Bulk changes: show the fields that belong to the act, and go on by itself. */
"use strict";

const choice = document.getElementById("id_do");
if (choice) {
    const shown = {
        find: ["fields_searched", "text", "replacement", "whole_words", "any_case"],
        set: ["field", "value"],
        clear: ["field"],
    };
    for (const kind of ["tag", "author", "series"]) {
        shown[`${kind}-add`] = [kind];
        shown[`${kind}-remove`] = [kind];
        shown[`${kind}-replace`] = [kind, `other_${kind}`];
    }
    shown["author-add"].push("role");
    const sort = () => {
        const wanted = shown[choice.value].map((name) => `bulk-${name}`);
        for (const row of document.querySelectorAll("#bulk-form .form-row")) {
            const isAct = row.classList.contains("bulk-do");
            row.hidden = !isAct && !wanted.some((name) => row.classList.contains(name));
        }
    };
    choice.addEventListener("change", sort);
    sort();
}

const work = document.getElementById("bulk-work");
if (work) {
    const bar = document.getElementById("bulk-progress");
    const label = document.querySelector("label[for=bulk-progress]");
    const step = async () => {
        const response = await fetch(location.href, {
            method: "POST",
            body: new FormData(work),
            headers: { Accept: "application/json" },
        });
        if (!response.ok) {
            // The button is still there.
            return;
        }
        const now = await response.json();
        bar.value = now.done;
        label.textContent = label.textContent.replace(/\d+/, now.done);
        if (now.finished) {
            location.reload();
        } else {
            step();
        }
    };
    step();
}
