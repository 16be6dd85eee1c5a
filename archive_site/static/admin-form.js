/* Forms that write: nothing typed is lost by leaving, Ctrl+S saves, and the address is shown as it
   is typed. Everything works without this. */
"use strict";

const form = document.querySelector("body.writes #content-main form[method=post]");
if (form && form.querySelector("[name=_save]")) {
    const typed = () => {
        const data = new FormData(form);
        data.delete("csrfmiddlewaretoken");
        return new URLSearchParams(data).toString();
    };
    // What was refused is not saved, however little is typed after it.
    let saved = document.querySelector(".errornote") ? null : typed();
    form.addEventListener("submit", () => {
        saved = undefined;
    });
    window.addEventListener("beforeunload", (event) => {
        if (saved !== undefined && typed() !== saved) {
            event.preventDefault();
        }
    });
    document.addEventListener("keydown", (event) => {
        const isSave = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
        const button = form.querySelector("[name=_continue]");
        if (isSave && event.key.toLowerCase() === "s" && button) {
            event.preventDefault();
            form.requestSubmit(button);
        }
    });

    const slug = form.querySelector("#id_slug");
    const dated = form.querySelector("#id_published_on");
    if (slug && dated) {
        const line = document.createElement("output");
        line.className = "address help";
        line.htmlFor = "id_slug id_published_on";
        slug.closest(".form-row").append(line);
        const show = () => {
            const day = /^\d{4}(-\d\d){0,2}$/.exec(dated.value.trim());
            // As the writer cleans a slug; an empty one it makes from the headline.
            const name = slug.value.trim().toLowerCase().replace(/\s+/g, "-") || "…";
            line.textContent = day ? `/articles/${day[0].replaceAll("-", "/")}/${name}/` : "";
        };
        slug.addEventListener("input", show);
        dated.addEventListener("input", show);
        show();
    }
}
