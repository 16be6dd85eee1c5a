/* Says that what was typed is kept, where a form leads somebody who may not go on: only if this
   browser does keep something of that form. */
"use strict";

{
    const isKept = () => {
        const next = new URLSearchParams(location.search).get("next");
        const form = next === null ? location.pathname : new URL(next, location.href).pathname;
        return Object.entries(localStorage).some(
            ([key, value]) =>
                key.startsWith("kept:") && key.includes(`:${form}#`) && Date.now() < JSON.parse(value).until,
        );
    };
    try {
        document.querySelector(".kept-note").hidden = !isKept();
    } catch {
        // A browser that keeps nothing, or an address that is none.
    }
}
