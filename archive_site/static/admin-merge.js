/* Where two saves meet: one press puts the one or the other value into the result. */
"use strict";

for (const button of document.querySelectorAll("button.take")) {
    const field = document.getElementById(button.dataset.take);
    if (!field) {
        continue;
    }
    button.hidden = false;
    button.addEventListener("click", () => {
        field.value = button.dataset.text;
        field.dispatchEvent(new Event("change", { bubbles: true }));
        field.focus();
    });
}
