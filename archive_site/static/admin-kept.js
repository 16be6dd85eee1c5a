/* What is typed into a form is kept in this browser until it is saved: a session may end meanwhile,
   a network fail, a window be closed by mistake. It is kept for one account and one form, by each
   window that shows it for itself, with the version on which it was typed; brought back, it is sent
   as it was, so that what others saved meanwhile is laid beside it. Saving, signing out and time
   let it go. */
"use strict";

{
    const LONGEST = 14 * 24 * 3600 * 1000;
    const EVERY = 1000;
    // Texts of one account; of more, the oldest go.
    const MOST = 20;
    const mine = `kept:${document.currentScript.dataset.account}:`;
    const SENT = "kept-sent";
    const OUT = "kept-out";
    // A browser may have nowhere to keep it, or no more room.
    const tried = (act) => {
        try {
            return act();
        } catch {
            return null;
        }
    };
    const stored = (key) => tried(() => localStorage.getItem(key));
    const store = (key, value) =>
        tried(() => {
            localStorage.setItem(key, value);
            return true;
        });
    const read = (key) => tried(() => JSON.parse(stored(key)));
    const drop = (key) => tried(() => localStorage.removeItem(key));
    const keysOf = (prefix) => tried(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) ?? [];
    const newest = (keys) => {
        const times = new Map(keys.map((key) => [key, read(key)?.at ?? 0]));
        return keys.sort((one, other) => times.get(other) - times.get(one));
    };

    for (const key of keysOf("kept:")) {
        if (!(Date.now() < read(key)?.until)) {
            drop(key);
        }
    }

    let isOver = false;
    document.getElementById("logout-form")?.addEventListener("submit", () => {
        isOver = true;
        // Before they go: a window that misses its own first would keep it again.
        store(OUT, Date.now());
        keysOf(mine).forEach(drop);
    });

    // The page that follows a form says whether it was saved.
    const sent = tried(() => JSON.parse(sessionStorage.getItem(SENT))) ?? [];
    const send = (key) => tried(() => sessionStorage.setItem(SENT, JSON.stringify([key])));
    tried(() => sessionStorage.removeItem(SENT));
    if (document.querySelector(".messagelist .success")) {
        sent.splice(0).forEach(drop);
    }

    const form = document.querySelector("body.writes #content-main form[method=post]");
    if (form?.querySelector("[name=_save]") && document.getElementById("kept-parts")) {
        const all = `${mine}${location.pathname}#`;
        const key = all + crypto.getRandomValues(new Uint32Array(2)).join("-");
        const place = document.getElementById("kept-place");
        const entries = () =>
            [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
        const said = (list) => JSON.stringify(list.filter(([name]) => name !== "version"));
        const out = stored(OUT);
        let first;
        let last;
        let isSent = false;

        const keep = () => {
            if (isOver || first === undefined) {
                return;
            }
            const data = entries();
            const now = said(data);
            const isMissing = now !== first && stored(key) === null;
            // What went because it was sent, or because somebody signed out, is kept again only when
            // more is typed.
            const isLetGo = isSent || stored(OUT) !== out;
            if (now === last && (isLetGo || !isMissing)) {
                return;
            }
            if (now !== first) {
                const at = Date.now();
                if (store(key, JSON.stringify({ at, until: at + LONGEST, data }))) {
                    // The page before this one, or what was brought back: it stands in this form now.
                    sent.splice(0).forEach(drop);
                }
                if (isMissing) {
                    newest(keysOf(mine)).slice(MOST).forEach(drop);
                }
            } else if (last !== undefined) {
                drop(key);
            }
            last = now;
        };

        const bringBack = (from, data) => {
            // What was typed beside the offer stays kept.
            keep();
            send(from);
            const sender = document.createElement("form");
            sender.method = "post";
            sender.action = location.href;
            sender.hidden = true;
            const token = ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value];
            for (const [name, value] of [...data, token, ["_kept", "1"]]) {
                // Lines end as they do in a form.
                const field = document.createElement("textarea");
                field.name = name;
                field.value = value;
                sender.append(field);
            }
            document.body.append(sender);
            sender.submit();
        };

        // Of several, one after the other.
        const offer = () => {
            const isOther = (data) => Array.isArray(data) && said(data) !== first;
            const from = newest(keysOf(all)).find((one) => one !== key && isOther(read(one)?.data));
            place.replaceChildren();
            if (from === undefined) {
                return;
            }
            const { at, data } = read(from);
            const parts = document.getElementById("kept-parts").content.cloneNode(true);
            const time = parts.querySelector("time");
            time.dateTime = new Date(at).toISOString();
            time.textContent = new Date(at).toLocaleString(document.documentElement.lang);
            const [back, away] = parts.querySelectorAll("button");
            back.addEventListener("click", () => bringBack(from, data));
            away.addEventListener("click", () => {
                drop(from);
                offer();
                (place.querySelector("button") ?? form.querySelector("input:not([type=hidden]), textarea"))?.focus();
            });
            place.append(parts);
        };

        // When the other scripts have put their own into the form: none of that was typed.
        document.addEventListener("DOMContentLoaded", () => {
            if (document.querySelector(".errornote:not([hidden]), .kept-back")) {
                first = null;
            } else {
                first = said(entries());
                sent.splice(0);
                offer();
            }
            keep();
            setInterval(keep, EVERY);
        });
        form.addEventListener("submit", () => {
            isSent = false;
            last = undefined;
            keep();
            isSent = true;
            send(key);
        });
        document.addEventListener("visibilitychange", keep);
        window.addEventListener("pagehide", keep);
    }
}
