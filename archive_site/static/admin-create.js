/* Selects that offer to create what was typed. It rests on what select2 lets one set: `tags`,
   `createTag` and `insertTag`; only selects with data-create have `tags`. Before anything is made,
   a dialog shows what is alike. Without this file Django's link to a window of its own is there. */
"use strict";

{
    const $ = django.jQuery;
    const dialog = document.getElementById("create-dialog");
    const part = (name) => document.getElementById(`create-${name}`);
    const words = (name, value) => dialog.dataset[name].replace("{name}", value);

    const prepare = (root) => {
        for (const select of root.querySelectorAll("select[data-create]")) {
            select.dataset.tags = "true";
            // Else what is offered would be chosen at once, as the first of the options.
            if (!select.multiple && !select.querySelector("option[value='']")) {
                select.prepend(new Option("", ""));
            }
        }
    };

    if (dialog && $?.fn.select2) {
        prepare(document);
        $.fn.select2.defaults.set("createTag", ({ term }) => {
            const name = (term ?? "").trim().replace(/\s+/g, " ");
            return name ? { id: `new:${name}`, text: words("offer", name), name, isNew: true } : null;
        });
        $.fn.select2.defaults.set("insertTag", (found, offer) => found.push(offer));

        let select = null;
        let offer = null;

        const choose = (id, text) => {
            const known = [...select.options].find((option) => option.value === String(id));
            if (known) {
                known.selected = true;
            } else {
                select.append(new Option(text, id, true, true));
            }
            $(select).trigger("change");
        };

        const show = () => {
            const kind = new URL(select.dataset.create, location.href).pathname.split("/").at(-2);
            part("heading").textContent = words(kind, offer.name);
            part("error").hidden = true;
            const list = part("near").querySelector("ul");
            list.replaceChildren(
                ...offer.near.map((row) => {
                    const item = document.createElement("li");
                    const take = document.createElement("button");
                    const note = document.createElement("span");
                    take.type = "button";
                    take.className = "take-this";
                    take.textContent = row.text;
                    take.dir = "auto";
                    note.className = "quiet";
                    note.id = `create-note-${row.id}`;
                    note.textContent = ` ${row.note}`;
                    take.setAttribute("aria-describedby", note.id);
                    take.addEventListener("click", () => {
                        choose(row.id, row.text);
                        part("said").textContent = words("taken", row.text);
                        dialog.close();
                    });
                    item.append(take, note);
                    return item;
                }),
            );
            part("near").hidden = offer.near.length === 0;
            part("kind").replaceChildren(
                ...offer.kinds.map((one) => new Option(one.label, one.value, false, one.value === offer.kind)),
            );
            part("as").hidden = offer.is_taken;
            const make = part("make");
            make.hidden = offer.is_taken;
            make.textContent = offer.near.length ? make.dataset.allTheSame : make.dataset.new;
            if (!dialog.open) {
                dialog.showModal();
            }
            (list.querySelector("button") ?? make).focus();
        };

        const fail = (text) => {
            part("error").textContent = text;
            part("error").hidden = false;
        };

        const ask = async (address, options) => {
            try {
                const response = await fetch(address, options);
                return response.redirected ? {} : await response.json();
            } catch {
                return {};
            }
        };

        const open = async (name) => {
            const query = new URLSearchParams({ name });
            const found = await ask(`${select.dataset.create}?${query}`);
            offer = found.near ? found : { name, near: [], kinds: [], kind: "", is_taken: true };
            show();
            if (!found.near) {
                fail(found.error ?? dialog.dataset.failed);
            }
        };

        part("make").addEventListener("click", async () => {
            const body = new FormData();
            const token = document.querySelector("[name=csrfmiddlewaretoken]");
            body.set("csrfmiddlewaretoken", token.value);
            body.set("name", offer.name);
            body.set("kind", part("kind").value);
            body.set("seen", offer.near.map((row) => row.id).join(","));
            part("make").disabled = true;
            const made = await ask(select.dataset.create, { method: "POST", body });
            part("make").disabled = false;
            if (made.id) {
                choose(made.id, made.text);
                part("said").textContent = words("made", made.text);
                dialog.close();
            } else if (made.near) {
                // Others are alike: somebody else made one, or it is of another kind now.
                offer = made;
                show();
            } else {
                fail(made.error ?? dialog.dataset.failed);
            }
        });

        // Enter in the field of the kind would close the dialog, and nothing would be made.
        dialog.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && event.target === part("kind")) {
                event.preventDefault();
                part("make").click();
            }
        });
        dialog.addEventListener("close", () => {
            const box = $(select).data("select2")?.$container[0];
            box?.querySelector(".select2-search__field, .select2-selection")?.focus();
        });

        $(document).on("select2:selecting", "select[data-create]", (event) => {
            const { data } = event.params.args;
            if (!data.isNew) {
                return;
            }
            event.preventDefault();
            select = event.target;
            $(select).select2("close");
            for (const option of select.querySelectorAll("option[data-select2-tag]")) {
                option.remove();
            }
            open(data.name);
        });
        // Before Django's own script makes a select2 of the new row.
        document.addEventListener("formset:added", (event) => prepare(event.target), { capture: true });
    }
}
