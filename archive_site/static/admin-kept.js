/* What is typed into a form is kept in this browser until it is saved: a session may end meanwhile,
   a network fail, a window be closed by mistake. It is kept for one account and one form, with the
   version on which it was typed; brought back, it is sent as it was, so that what others saved
   meanwhile is laid beside it. Saving, signing out and time let it go. */
"use strict";

{
    const LONGEST = 14 * 24 * 3600 * 1000;
    const EVERY = 1000;
    const mine = `kept:${document.currentScript.dataset.account}:`;
    const SENT = "kept-sent";
    // A browser may have nowhere to keep it, or no more room.
    const tried = (act) => {
        try {
            return act();
        } catch {
            return null;
        }
    };
    const read = (key) => tried(() => JSON.parse(localStorage.getItem(key)));
    const drop = (key) => tried(() => localStorage.removeItem(key));
    const keysOf = (prefix) => tried(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) ?? [];

    for (const key of keysOf("kept:")) {
        if (!(Date.now() - read(key)?.at < LONGEST)) {
            drop(key);
        }
    }

    let isOver = false;
    document.getElementById("logout-form")?.addEventListener("submit", () => {
        isOver = true;
        keysOf(mine).forEach(drop);
    });

    // The page that follows a form says whether it was saved.
    const sent = tried(() => sessionStorage.getItem(SENT));
    tried(() => sessionStorage.removeItem(SENT));
    if (sent && document.querySelector(".messagelist .success")) {
        drop(sent);
    }

    const form = document.querySelector("body.writes #content-main form[method=post]");
    if (form?.querySelector("[name=_save]") && document.getElementById("kept-parts")) {
        const key = mine + location.pathname;
        const entries = () =>
            [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
        const said = (list) => JSON.stringify(list.filter(([name]) => name !== "version"));
        let first;
        let last;

        const keep = () => {
            if (isOver || first === undefined) {
                return;
            }
            const data = entries();
            const now = said(data);
            if (now === last) {
                return;
            }
            if (now !== first) {
                tried(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), data })));
            } else if (last !== undefined) {
                drop(key);
            }
            last = now;
        };

        const bringBack = (data) => {
            isOver = true;
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

        const offer = (kept) => {
            const place = document.getElementById("kept-place");
            const parts = document.getElementById("kept-parts").content.cloneNode(true);
            const time = parts.querySelector("time");
            time.dateTime = new Date(kept.at).toISOString();
            time.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
            const [back, away] = parts.querySelectorAll("button");
            back.addEventListener("click", () => bringBack(kept.data));
            away.addEventListener("click", () => {
                place.replaceChildren();
                // What is typed since stays kept.
                if (last === undefined || last === first) {
                    drop(key);
                }
                form.querySelector("input:not([type=hidden]), textarea")?.focus();
            });
            place.append(parts);
        };

        // When the other scripts have put their own into the form: none of that was typed.
        document.addEventListener("DOMContentLoaded", () => {
            const isRefused = form.querySelector(".errornote:not([hidden])") !== null;
            first = isRefused ? null : said(entries());
            const kept = read(key);
            if (!isRefused && Array.isArray(kept?.data) && said(kept.data) !== first) {
                offer(kept);
            }
            setInterval(keep, EVERY);
        });
        form.addEventListener("submit", () => {
            // In another tab of the same form it may have been saved, and let go.
            last = undefined;
            keep();
            tried(() => sessionStorage.setItem(SENT, key));
        });
        window.addEventListener("pagehide", keep);
    }
}
