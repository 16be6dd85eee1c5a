/* The parts of a serial in order: by dragging, with a finger too, or by the buttons up and down.
   Those that have a number exchange their numbers; the gaps between them stay where they are. One
   without a number gets one if it is put before others. Without this file numbers are typed. */
"use strict";

const list = document.getElementById("part-order");
if (list) {
    const said = document.getElementById("part-said");
    const rows = () => [...list.children];
    const field = (row) => row.querySelector("input[type=number]");

    const mark = () => {
        for (const row of rows()) {
            const input = field(row);
            row.querySelector(".was").hidden = input.value === input.dataset.was;
        }
        rows().forEach((row, place, all) => {
            row.querySelector(".up").disabled = place === 0;
            row.querySelector(".down").disabled = place === all.length - 1;
        });
    };

    const renumber = (moved) => {
        const numbered = rows().filter((row) => field(row).value);
        const numbers = numbered.map((row) => Number(field(row).value)).sort((a, b) => a - b);
        const isNew = !field(moved).value;
        const hasNumberBelow = numbered.some(
            (row) => moved.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING,
        );
        if (isNew && hasNumberBelow) {
            numbers.push((numbers.at(-1) ?? 0) + 1);
        }
        const taking = rows().filter(
            (row) => field(row).value || (row === moved && isNew && hasNumberBelow),
        );
        taking.forEach((row, place) => {
            field(row).value = numbers[place];
        });
        mark();
        const words = field(moved).value ? list.dataset.moved : list.dataset.without;
        said.textContent = words
            .replace("{headline}", moved.querySelector(".part a").textContent)
            .replace("{number}", field(moved).value);
    };

    const step = (row, isUp) => {
        const other = isUp ? row.previousElementSibling : row.nextElementSibling;
        if (!other) {
            return;
        }
        list.insertBefore(isUp ? row : other, isUp ? other : row);
        renumber(row);
        const button = row.querySelector(isUp ? ".up" : ".down");
        (button.disabled ? row.querySelector(isUp ? ".down" : ".up") : button).focus();
    };

    for (const row of rows()) {
        const handle = row.querySelector(".handle");
        for (const button of row.querySelectorAll("button")) {
            button.hidden = false;
        }
        row.querySelector(".up").addEventListener("click", () => step(row, true));
        row.querySelector(".down").addEventListener("click", () => step(row, false));
        field(row).addEventListener("input", mark);

        handle.addEventListener("pointerdown", (event) => {
            event.preventDefault();
            row.classList.add("dragged");
            const before = row.previousElementSibling;
            const follow = (move) => {
                const after = rows().find((other) => {
                    const box = other.getBoundingClientRect();
                    return other !== row && move.clientY < box.top + box.height / 2;
                });
                if (after !== row.nextElementSibling) {
                    list.insertBefore(row, after ?? null);
                }
                const edge = 60;
                if (move.clientY < edge || move.clientY > innerHeight - edge) {
                    scrollBy(0, move.clientY < edge ? -12 : 12);
                }
            };
            const drop = () => {
                // On the document: what is moved in the page loses the pointer.
                document.removeEventListener("pointermove", follow);
                document.removeEventListener("pointerup", drop);
                document.removeEventListener("pointercancel", drop);
                row.classList.remove("dragged");
                if (row.previousElementSibling !== before) {
                    renumber(row);
                }
            };
            document.addEventListener("pointermove", follow);
            document.addEventListener("pointerup", drop);
            document.addEventListener("pointercancel", drop);
        });
    }
    const close = document.getElementById("part-close");
    close.hidden = false;
    close.addEventListener("click", () => {
        rows().forEach((row, place) => {
            field(row).value = place + 1;
        });
        mark();
    });
    mark();
}
