/* Bulk changes: show the fields that belong to the act, and go on by itself. */
"use strict";

const choice = document.getElementById("id_do");
if (choice) {
    const shown = {
        find: ["fields_searched", "text", "replacement", "whole_words", "any_case"],
        set: ["field", "value"],
        clear: ["field"],
        split: [],
        publish: [],
        withdraw: ["withdrawn_reason"],
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

/* A process of its own carries the change out; where there is none, this page does, a part at a
   time. The text changes with every look; a screen reader is told each quarter only. */
const work = document.getElementById("bulk-work");
if (work) {
    const bar = document.getElementById("bulk-progress");
    const label = document.querySelector("label[for=bulk-progress]");
    const spoken = document.getElementById("bulk-spoken");
    let hasAsked = false;
    let quarter = 0;

    const ask = async (fields) => {
        const options = { headers: { Accept: "application/json" } };
        if (fields) {
            options.method = "POST";
            options.body = new FormData(work);
            for (const [name, value] of Object.entries(fields)) {
                options.body.set(name, value);
            }
        }
        const response = await fetch(location.href, options);
        if (!response.ok || response.redirected) {
            throw new Error("the page itself knows what to say");
        }
        return response.json();
    };

    const step = async () => {
        try {
            let now = await ask();
            if (!now.finished && !now.moving) {
                // Once a process is asked for; if none goes on, the page does it.
                now = await ask(hasAsked ? { here: "1" } : {});
                hasAsked = true;
            }
            bar.value = now.done;
            label.textContent = label.textContent.replace(/\d+/, now.done);
            if (Math.floor((4 * now.done) / now.total) > quarter) {
                quarter = Math.floor((4 * now.done) / now.total);
                spoken.textContent = label.textContent;
            }
            if (now.finished) {
                location.reload();
            } else {
                setTimeout(step, now.moving ? 700 : 0);
            }
        } catch {
            // The server is being restarted, or the person signed out. The button is still there.
            setTimeout(step, 5000);
        }
    };
    step();
}
