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
    let saved;
    // When the other scripts have put their own into the form: none of that was typed.
    document.addEventListener("DOMContentLoaded", () => {
        // What was refused is not saved, however little is typed after it.
        saved = document.querySelector(".errornote:not([hidden]), .kept-back") ? null : typed();
    });
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

    // As the writer makes a slug of a headline, but for what it leads past: addresses that are taken.
    const plain = { đ: "d", ð: "d", ı: "i", ł: "l", ø: "o", œ: "oe", æ: "ae", ß: "ss", þ: "th" };
    const slugOf = (text) =>
        text.toLowerCase().normalize("NFD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1").normalize("NFC")
            .replace(/[đðıłøœæßþ]/g, (letter) => plain[letter]).replace(/['’]/g, "")
            .replace(/[^\p{L}\p{N}\p{M}]+/gu, "-").slice(0, 100).replace(/^-+|-+$/g, "");
    const headline = form.querySelector("#id_headline");
    const slug = form.querySelector("#id_slug");
    const dated = form.querySelector("#id_published_on");
    if (slug && dated) {
        const line = document.createElement("output");
        line.className = "address";
        line.htmlFor = "id_slug id_published_on";
        const help = document.createElement("div");
        help.className = "help";
        help.append(line);
        slug.closest(".flex-container").after(help);
        const show = () => {
            const day = /^\d{4}(-\d\d){0,2}$/.exec(dated.value.trim());
            const given = slug.value.trim().toLowerCase().replace(/\s+/g, "-");
            const name = given || slugOf(headline?.value ?? "") || "…";
            line.textContent = day ? `/articles/${day[0].replaceAll("-", "/")}/${name}/` : "";
        };
        slug.addEventListener("input", show);
        dated.addEventListener("input", show);
        headline?.addEventListener("input", show);
        show();
    }
}
