// The boxes that select2 puts in place of an autocomplete have no names: they take the field's.
if (window.django?.jQuery?.fn.select2) {
    const $ = django.jQuery;

    const headOf = (select) => {
        // In a table of rows the head of the column is the label.
        const cell = select.closest("td");
        const column = [...(cell?.classList ?? [])].find((one) => one.startsWith("field-"))?.slice(6);
        return column && cell.closest("table").querySelector(`th.column-${column}`)?.textContent;
    };

    const nameOf = (select) => {
        const said = select.getAttribute("aria-label") || select.labels?.[0]?.textContent || headOf(select);
        return (said || "").replace(/:\s*$/, "").trim();
    };

    const name = (select) => {
        const parts = $(select).data("select2");
        const box = parts?.$selection?.[0] ?? parts?.selection?.$selection?.[0];
        if (!box) return;
        const said = nameOf(select);
        box.setAttribute("aria-label", said);
        const value = box.querySelector(".select2-selection__rendered");
        if (value?.id && !select.multiple) {
            // The name, then what is chosen: which is text in the box, not a field of its own.
            value.removeAttribute("role");
            value.removeAttribute("aria-readonly");
            box.id ||= `${value.id}-box`;
            box.setAttribute("aria-labelledby", `${box.id} ${value.id}`);
        }
        box.querySelector(".select2-search__field")?.setAttribute("aria-label", said);
    };

    const nameAll = (part) => {
        for (const select of part.querySelectorAll("select.admin-autocomplete")) name(select);
    };

    $(() => nameAll(document));
    document.addEventListener("formset:added", (event) => nameAll(event.target));
    // Where it is typed into is made when the box is opened.
    $(document).on("select2:open", ({ target }) => {
        const search = $(target).data("select2")?.dropdown?.$search?.[0];
        search?.setAttribute("aria-label", nameOf(target));
    });
}

// Django names the magnifying glasses of its two lists, and says to nobody that they are pictures.
window.addEventListener("load", () => {
    for (const glass of document.querySelectorAll("span.search-label-icon[aria-label]")) {
        glass.setAttribute("role", "img");
    }
});
