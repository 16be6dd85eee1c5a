/* The body of an article as formed text, on ProseMirror. What it writes is the HTML that the server
   keeps; what it does not know it leaves alone: a table stays as it is, and a text with other
   strange markup is edited as HTML. Without this script it always is. */

const INLINE = new Set(["A", "ABBR", "CITE", "CODE", "EM", "Q", "SMALL", "STRONG", "SUB", "SUP"]);
const VOID = new Set(["BR", "HR", "IMG"]);
const KEPT = new Set(["alt", "colspan", "dir", "height", "href", "hreflang", "lang", "rel", "rowspan", "scope", "src", "title", "width"]);
const OWN_PICTURE = /^\/media\/[0-9a-f]{64}\.(?:png|jpg|gif|webp)$/;

const area = document.querySelector("textarea[data-editor]");
const parts = document.getElementById("prose-parts");
if (area && parts) {
    begin(await import(area.dataset.editor));
}

function fresh(html) {
    return new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html").body;
}

/* What a text says, however its markup is written: blocks, and words with the marks on them. */
function shape(body) {
    const found = [];
    const signature = (element) => {
        const attributes = [...element.attributes].map((one) => `${one.name}=${one.value}`).sort();
        return `${element.tagName} ${attributes.join(" ")}`;
    };
    const walk = (node, marks) => {
        for (const child of node.childNodes) {
            if (child.nodeType === 3) {
                const words = child.data.replace(/\s+/g, "");
                const key = [...marks].sort().join("|");
                const last = found.at(-1);
                if (words && last && last[0] === key) {
                    last[1] += words;
                } else if (words) {
                    found.push([key, words]);
                }
            } else if (child.nodeType === 1 && INLINE.has(child.tagName)) {
                walk(child, [...marks, signature(child)]);
            } else if (child.nodeType === 1) {
                found.push([`<${signature(child)}>${VOID.has(child.tagName) ? [...marks].sort() : ""}`]);
                walk(child, marks);
                found.push(["</>"]);
            }
        }
    };
    walk(body, []);
    return JSON.stringify(found);
}

/* Let bare words at the top be paragraphs, as the editor makes them. */
function paragraphs(body) {
    let open = null;
    for (const node of [...body.childNodes]) {
        const isWords = node.nodeType === 3 ? open || node.data.trim() : INLINE.has(node.tagName) || ["BR", "IMG"].includes(node.tagName);
        if (!isWords) {
            open = null;
            continue;
        }
        if (!open) {
            open = document.createElement("p");
            node.before(open);
        }
        open.append(node);
    }
    return body;
}

/* A piece of markup that is shown and kept, but not edited: without what could act. */
function kept(html) {
    const holder = fresh(html);
    for (const element of holder.querySelectorAll("*")) {
        for (const { name } of [...element.attributes]) {
            if (!KEPT.has(name)) {
                element.removeAttribute(name);
            }
        }
    }
    return holder.firstElementChild;
}

function extensions(tiptap) {
    const { Node, Mark, Extension } = tiptap;
    const attribute = (name, fallback = null) => ({
        [name]: {
            default: fallback,
            parseHTML: (element) => element.getAttribute(name),
            renderHTML: (values) => (values[name] === null ? {} : { [name]: values[name] }),
        },
    });
    const mark = (name, tag, ...names) =>
        Mark.create({
            name,
            addAttributes: () => Object.assign({}, ...names.map((one) => attribute(one))),
            parseHTML: () => [{ tag }],
            renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
        });
    const block = (name, tag, content, options = {}) =>
        Node.create({
            name,
            content,
            defining: true,
            ...options,
            parseHTML: () => [{ tag, preserveWhitespace: options.code ? "full" : undefined }],
            renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
        });
    const pictured = { ...attribute("src"), ...attribute("alt"), ...attribute("width"), ...attribute("height") };
    const known = (element) => OWN_PICTURE.test(element?.getAttribute("src") ?? "");
    const valuesOf = (element) =>
        Object.fromEntries(Object.keys(pictured).map((name) => [name, element.getAttribute(name)]));
    const shown = (values) =>
        Object.fromEntries(Object.keys(pictured).filter((name) => values[name] !== null).map((name) => [name, values[name]]));

    const figure = Node.create({
        name: "figure",
        group: "block",
        content: "inline*",
        draggable: true,
        isolating: true,
        addAttributes: () =>
            Object.fromEntries(Object.keys(pictured).map((name) => [name, { default: null, rendered: false }])),
        parseHTML: () => [
            {
                tag: "figure",
                getAttrs: (element) => {
                    const image = element.querySelector(":scope > img");
                    const others = element.querySelectorAll(":scope > :not(img, figcaption), img").length > 1;
                    return known(image) && !others ? valuesOf(image) : false;
                },
                contentElement: (element) =>
                    element.querySelector(":scope > figcaption") ?? document.createElement("figcaption"),
            },
        ],
        renderHTML: ({ node, HTMLAttributes }) => [
            "figure", HTMLAttributes, ["img", shown(node.attrs)], ["figcaption", 0],
        ],
    });
    const image = Node.create({
        name: "image",
        group: "inline",
        inline: true,
        addAttributes: () => pictured,
        parseHTML: () => [{ tag: "img", getAttrs: (element) => (known(element) ? null : false) }],
        renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
    });
    const foreign = Node.create({
        name: "foreign",
        group: "block",
        atom: true,
        addAttributes: () => ({ html: { default: "", rendered: false, parseHTML: (element) => element.outerHTML } }),
        parseHTML: () => [{ tag: "table" }, { tag: "dl" }],
        renderHTML: ({ node }) => kept(node.attrs.html),
    });
    const item = tiptap.ListItem.extend({
        // Most lists hold words, not paragraphs, and stay so.
        addAttributes: () => ({
            tight: {
                default: true,
                parseHTML: (element) => !element.querySelector(":scope > p"),
                renderHTML: ({ tight }) => (tight ? { "data-tight": "" } : {}),
            },
        }),
    });
    // Ctrl+Enter is the form's: it saves.
    const lineBreak = tiptap.HardBreak.extend({
        addKeyboardShortcuts() {
            return { "Shift-Enter": () => this.editor.commands.setHardBreak() };
        },
    });
    const numbered = tiptap.OrderedList.extend({
        addAttributes: () => ({
            start: { default: 1, parseHTML: (element) => Number(element.getAttribute("start") ?? 1) },
        }),
        renderHTML: ({ HTMLAttributes: { start, ...others } }) => [
            "ol", start === 1 ? others : { ...others, start }, 0,
        ],
    });
    const link = mark("link", "a", "href", "title", "hreflang").extend({
        inclusive: false,
        exitable: true,
        parseHTML: () => [{ tag: "a[href]" }],
        renderHTML: ({ HTMLAttributes }) => ["a", { ...HTMLAttributes, rel: "noopener noreferrer" }, 0],
    });
    const nodes = [
        tiptap.Paragraph,
        tiptap.Heading.configure({ levels: [2, 3, 4] }),
        tiptap.Blockquote.extend({ addAttributes: () => attribute("cite") }),
        tiptap.BulletList, numbered, item, figure, image,
        block("pre", "pre", "text*", { group: "block", code: true, marks: "code" }),
        tiptap.HorizontalRule, foreign,
    ];
    const marks = [
        link, tiptap.Bold, tiptap.Italic, tiptap.Subscript, tiptap.Superscript,
        tiptap.Code.extend({ excludes: "" }),
        mark("cite", "cite"), mark("quoted", "q", "cite"), mark("small", "small"), mark("abbreviation", "abbr", "title"),
    ];
    const languages = Extension.create({
        name: "languages",
        addGlobalAttributes: () => [
            {
                types: [...nodes, ...marks].map((one) => one.name).filter((name) => !["foreign", "horizontalRule"].includes(name)),
                attributes: { ...attribute("lang"), ...attribute("dir") },
            },
        ],
    });
    return [
        tiptap.Document, tiptap.Text, lineBreak, tiptap.History,
        tiptap.Dropcursor, tiptap.Gapcursor, ...nodes, ...marks, languages,
    ];
}

function begin(tiptap) {
    const form = area.form;
    const bar = parts.content.querySelector(".prose-bar").cloneNode(true);
    const dialogs = Object.fromEntries(
        [...parts.content.querySelectorAll("dialog")].map((one) => [one.dataset.of, document.body.appendChild(one.cloneNode(true))]),
    );
    const note = Object.assign(document.createElement("p"), { className: "prose-note quiet", role: "status", hidden: true });
    note.setAttribute("role", "status");
    const frame = document.createElement("div");
    frame.className = "prose";
    area.before(frame);
    const place = document.createElement("div");
    frame.append(bar, note, place, area);

    const label = document.querySelector(`label[for="${area.id}"]`);
    if (label) {
        label.id ||= `${area.id}_label`;
        label.addEventListener("click", () => place.hidden || editor.commands.focus());
    }
    const described = area.getAttribute("aria-describedby");
    const language = form.querySelector("#id_language")?.value;
    let own = area.value;

    const editor = new tiptap.Editor({
        element: place,
        // Its rules stand in admin-prose.css: the content policy knows no inline styles.
        injectCSS: false,
        extensions: extensions(tiptap),
        content: area.value,
        editorProps: {
            attributes: {
                role: "textbox",
                "aria-multiline": "true",
                class: "prose-text",
                ...(label ? { "aria-labelledby": label.id } : { "aria-label": area.name }),
                ...(described ? { "aria-describedby": described } : {}),
                ...(language ? { lang: language } : {}),
            },
            handlePaste: (_view, event) => taken(event.clipboardData),
            handleDrop: (_view, event, _slice, moved) => !moved && taken(event.dataTransfer),
            handleDoubleClickOn: (_view, _at, node) => {
                if (["figure", "image"].includes(node.type.name)) {
                    askForPicture();
                }
            },
        },
        onUpdate: () => {
            own = area.value = written();
            area.dispatchEvent(new Event("input", { bubbles: true }));
        },
        onTransaction: ({ editor: now }) => showState(now),
    });

    function written() {
        const body = fresh(editor.getHTML());
        for (const one of body.querySelectorAll("li[data-tight]")) {
            const [first] = one.children;
            if (first?.tagName === "P" && !first.attributes.length) {
                first.replaceWith(...first.childNodes);
            }
            one.removeAttribute("data-tight");
        }
        for (const one of body.querySelectorAll("figcaption:empty")) {
            one.remove();
        }
        while (body.lastElementChild?.matches("p:empty")) {
            body.lastElementChild.remove();
        }
        return [...body.children].map((one) => one.outerHTML).join("\n");
    }

    function isKnown() {
        const original = paragraphs(fresh(area.value));
        for (const one of original.querySelectorAll("figcaption:empty")) {
            one.remove();
        }
        return shape(original) === shape(fresh(written()));
    }

    function showMode(formed) {
        place.hidden = !formed;
        area.hidden = formed;
        for (const control of bar.querySelectorAll("select, button:not([data-do=html])")) {
            control.disabled = !formed;
        }
        bar.querySelector("[data-do=html]").setAttribute("aria-pressed", String(!formed));
    }

    /* Show the field's HTML as formed text, if nothing of it is lost by that. */
    function load() {
        editor.chain().setMeta("addToHistory", false).setContent(area.value, { emitUpdate: false }).run();
        settle();
    }

    function settle() {
        const formed = isKnown();
        own = area.value;
        note.hidden = formed;
        note.textContent = formed ? "" : parts.dataset.foreign;
        showMode(formed);
        showState(editor);
    }

    function showState(now) {
        for (const button of bar.querySelectorAll("[data-do]")) {
            const act = button.dataset.do;
            if (act === "undo" || act === "redo") {
                button.disabled = place.hidden || !now.can()[act]();
            } else if (act === "picture") {
                button.setAttribute("aria-pressed", String(now.isActive("figure") || now.isActive("image")));
            } else if (act !== "html" && act !== "rule") {
                button.setAttribute("aria-pressed", String(now.isActive(act)));
            }
        }
        bar.querySelector("[data-block]").value = String(now.getAttributes("heading").level ?? 0);
    }

    const acts = {
        bold: (chain) => chain.toggleBold().run(),
        italic: (chain) => chain.toggleItalic().run(),
        superscript: (chain) => chain.toggleSuperscript().run(),
        subscript: (chain) => chain.toggleSubscript().run(),
        blockquote: (chain) => chain.toggleBlockquote().run(),
        bulletList: (chain) => chain.toggleBulletList().run(),
        orderedList: (chain) => chain.toggleOrderedList().run(),
        rule: (chain) => chain.setHorizontalRule().run(),
        undo: (chain) => chain.undo().run(),
        redo: (chain) => chain.redo().run(),
        link: () => askForLink(),
        picture: () => askForPicture(),
        html: () => (place.hidden ? load() : showMode(false)),
    };
    bar.addEventListener("click", (event) => {
        const button = event.target.closest("[data-do]");
        if (button) {
            acts[button.dataset.do](editor.chain().focus());
        }
    });
    bar.querySelector("[data-block]").addEventListener("change", (event) => {
        const level = Number(event.target.value);
        const chain = editor.chain().focus();
        (level ? chain.setHeading({ level }) : chain.setParagraph()).run();
    });
    // Where two saves meet, one of both is put into the field.
    area.addEventListener("change", () => {
        if (!place.hidden && area.value !== own) {
            load();
        }
    });
    for (const dialog of Object.values(dialogs)) {
        dialog.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
        dialog.addEventListener("close", () => editor.commands.focus());
    }

    /* Links */

    function askForLink() {
        const dialog = dialogs.link;
        const asked = dialog.querySelector("form");
        asked.elements.href.value = editor.getAttributes("link").href ?? "";
        asked.onsubmit = (event) => {
            event.preventDefault();
            const href = asked.elements.href.value.trim();
            dialog.close();
            const chain = editor.chain().focus().extendMarkRange("link");
            if (!href) {
                chain.unsetMark("link").run();
            } else if (editor.state.selection.empty && !editor.isActive("link")) {
                chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
            } else {
                chain.setMark("link", { href }).run();
            }
        };
        dialog.showModal();
    }

    /* Pictures */

    function taken(data) {
        const file = [...(data?.files ?? [])].find((one) => one.type.startsWith("image/"));
        if (file) {
            askForPicture(file);
        }
        return Boolean(file);
    }

    function askForPicture(file = null) {
        const dialog = dialogs.picture;
        const asked = dialog.querySelector("form");
        const { file: chosen, alt, decorative, caption, credit } = asked.elements;
        const here = ["figure", "image"].find((name) => editor.isActive(name));
        const isNew = file !== null || !here;
        const values = isNew ? {} : editor.getAttributes(here);
        const fault = dialog.querySelector("[role=alert]");
        const say = (text) => {
            fault.textContent = text;
            fault.hidden = !text;
        };
        asked.reset();
        say("");
        for (const one of dialog.querySelectorAll("[data-new]")) {
            one.hidden = !isNew;
        }
        chosen.required = isNew;
        if (file) {
            const carried = new DataTransfer();
            carried.items.add(file);
            chosen.files = carried.files;
        }
        alt.value = values.alt ?? "";
        decorative.checked = values.alt === "";
        const settled = () => {
            alt.disabled = decorative.checked;
            alt.setCustomValidity(decorative.checked || alt.value.trim() ? "" : parts.dataset.wordsMissing);
        };
        alt.oninput = decorative.onchange = settled;
        settled();
        asked.onsubmit = async (event) => {
            event.preventDefault();
            const words = decorative.checked ? "" : alt.value.trim();
            if (!isNew) {
                dialog.close();
                editor.chain().focus().updateAttributes(here, { alt: words }).run();
                return;
            }
            const button = asked.querySelector("[value=put]");
            button.disabled = true;
            say(parts.dataset.pictureMoves);
            const answer = await send(chosen.files[0]);
            button.disabled = false;
            if (answer.error) {
                say(answer.error);
                return;
            }
            dialog.close();
            put({ ...answer, alt: words }, caption.value.trim(), credit.value.trim());
        };
        dialog.showModal();
    }

    async function send(file) {
        const data = new FormData();
        data.append("file", file);
        try {
            const answer = await fetch(area.dataset.pictures, {
                method: "POST",
                body: data,
                headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
            });
            return await answer.json();
        } catch {
            return { error: parts.dataset.failed };
        }
    }

    function put({ src, width, height, alt }, caption, credit) {
        const content = [];
        if (caption) {
            content.push({ type: "text", text: credit ? `${caption} ` : caption });
        }
        if (credit) {
            content.push({ type: "text", text: credit, marks: [{ type: "small" }] });
        }
        const { $to, to } = editor.state.selection;
        const at = $to.depth ? $to.after(1) : to;
        const attrs = { src, alt, width: String(width), height: String(height) };
        editor.chain().insertContentAt(at, { type: "figure", attrs, content }).focus().run();
    }

    settle();
}
