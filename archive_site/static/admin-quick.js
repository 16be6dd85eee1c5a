/* A row of the list of articles edited in place. The server sends the fields and takes them back;
   the row is then taken from the list as it is now. One row is open at a time. */
"use strict";

{
    const form = document.getElementById("quick-form");
    const table = document.querySelector("#result_list tbody");
    // What the server has to say of a save is read out.
    const spoken = document.createElement("div");
    let open = null;

    const linkOf = (row) => row.querySelector(".field-headline_shown a");
    const keyOf = (row) => /\/(\d+)\/change\//.exec(linkOf(row)?.href ?? "")?.[1];

    const typed = () => {
        const data = new FormData(form);
        data.delete("csrfmiddlewaretoken");
        return new URLSearchParams(data).toString();
    };

    const close = (isFocused = true) => {
        if (!open) {
            return;
        }
        const { row, line } = open;
        open = null;
        line.remove();
        row.hidden = false;
        if (isFocused) {
            row.querySelector("button.quick")?.focus();
        }
    };

    const note = (text) => {
        const said = document.createElement("p");
        said.className = "errornote";
        said.setAttribute("role", "alert");
        said.textContent = text;
        open.cell.querySelector(".errornote")?.remove();
        open.cell.prepend(said);
    };

    const fill = (html) => {
        open.cell.innerHTML = html;
        // As for a new row of a form: its autocomplete becomes a select2, and gets a name.
        open.cell.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
        (open.cell.querySelector("[aria-invalid=true]") ?? open.cell.querySelector("input:not([type=hidden])"))?.focus();
        open.cell.querySelector(".cancel")?.addEventListener("click", () => close());
    };

    const start = async (row) => {
        if (open && typed() !== open.saved) {
            open.cell.querySelector("input:not([type=hidden])")?.focus();
            return;
        }
        close(false);
        const url = new URL(`../${keyOf(row)}/quick/`, linkOf(row).href.replace(/\/change\/.*/, "/"));
        const line = document.createElement("tr");
        const cell = document.createElement("td");
        cell.colSpan = row.cells.length;
        line.className = "quick-row";
        line.append(cell);
        open = { row, line, cell, url, saved: "" };
        const mine = open;
        let html = "";
        let words = "failed";
        try {
            const response = await fetch(url);
            if (response.ok && !response.redirected) {
                html = await response.text();
            } else if (response.status === 403) {
                words = "closed";
            }
        } catch {
            // Said below.
        }
        if (open !== mine) {
            return;
        }
        row.after(line);
        if (html) {
            row.hidden = true;
            fill(html);
            open.saved = typed();
        } else {
            note(form.dataset[words]);
            setTimeout(() => open === mine && close(), 4000);
        }
    };

    /* The row as the list shows it now, with what the server has to say. */
    const refresh = async (row) => {
        const response = await fetch(location.href);
        const now = new DOMParser().parseFromString(await response.text(), "text/html");
        const said = now.querySelector(".messagelist");
        document.querySelector(".messagelist")?.remove();
        spoken.replaceChildren(...(said ? [document.adoptNode(said)] : []));
        const key = keyOf(row);
        const fresh = [...now.querySelectorAll("#result_list tbody tr")].find((one) => keyOf(one) === key);
        if (fresh) {
            const isTicked = row.querySelector("input.action-select")?.checked;
            row.replaceChildren(...document.adoptNode(fresh).children);
            const box = row.querySelector("input.action-select");
            if (isTicked && box) {
                box.checked = true;
            }
            prepare(row);
        } else {
            row.classList.add("gone");
            row.querySelector("button.quick")?.remove();
            const words = document.createElement("p");
            words.className = "quiet";
            words.textContent = form.dataset.gone;
            linkOf(row).after(words);
        }
    };

    const prepare = (row) => {
        if (!keyOf(row)) {
            return;
        }
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quick";
        button.textContent = form.dataset.edit;
        button.setAttribute("aria-label", `${form.dataset.edit}: ${linkOf(row).textContent.trim()}`);
        button.addEventListener("click", () => start(row));
        linkOf(row).after(" ", button);
    };

    if (form && table) {
        spoken.setAttribute("role", "status");
        document.getElementById("content-start").prepend(spoken);
        for (const row of table.rows) {
            prepare(row);
        }
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            if (!open || open.isBusy) {
                return;
            }
            const mine = open;
            mine.isBusy = true;
            try {
                const response = await fetch(mine.url, { method: "POST", body: new FormData(form) });
                if (!response.ok || response.redirected) {
                    note(response.status === 403 ? form.dataset.closed : form.dataset.failed);
                } else if (response.headers.get("Content-Type").startsWith("application/json")) {
                    await refresh(mine.row);
                    close();
                } else {
                    fill(await response.text());
                }
            } catch {
                note(form.dataset.failed);
            }
            mine.isBusy = false;
        });
        table.addEventListener("keydown", (event) => {
            const isOpen = open && open.cell.contains(event.target);
            if (event.key === "Escape" && isOpen && !document.querySelector(".select2-container--open")) {
                event.preventDefault();
                close();
            }
        });
        window.addEventListener("beforeunload", (event) => {
            if (open && !open.isBusy && typed() !== open.saved) {
                event.preventDefault();
            }
        });
    }
}
