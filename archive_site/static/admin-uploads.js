// Keeps the page of an upload at work in step with its process, and goes on when that is done.
"use strict";

(() => {
    const section = document.getElementById("upload-progress");
    if (!section) {
        return;
    }
    const bar = document.getElementById("upload-bar");
    const stage = document.getElementById("upload-stage");
    const spoken = document.getElementById("upload-spoken");
    const pause = Number(section.dataset.poll) * 1000;
    let heard = "";

    // Every look changes the text; a screen reader is told a new stage and each quarter only.
    const say = (found) => {
        const quarter = found.total ? Math.floor((4 * found.done) / found.total) : 0;
        const now = `${found.stage} ${quarter}`;
        if (now !== heard) {
            heard = now;
            spoken.textContent = found.text;
        }
    };

    const show = (found) => {
        stage.textContent = found.text;
        if (found.total) {
            bar.max = found.total;
            bar.value = found.done;
        } else {
            bar.removeAttribute("value");
        }
        say(found);
    };

    const look = async () => {
        try {
            const answer = await fetch(section.dataset.url, { headers: { Accept: "application/json" } });
            if (answer.redirected || answer.status === 403 || answer.status === 404) {
                // Signed out, or gone: the page itself knows what to say.
                location.reload();
                return;
            }
            if (answer.ok) {
                const found = await answer.json();
                if (!found.moving) {
                    location.reload();
                    return;
                }
                show(found);
            }
        } catch {
            // The server is being restarted. The process goes on; look again.
        }
        setTimeout(look, pause);
    };

    setTimeout(look, pause / 2);
})();
