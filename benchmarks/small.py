"""The small case: 40,000 articles on SQLite, one core, one gigabyte.

``python -m benchmarks.small`` builds the archive in a temporary folder, asks it for every kind of
page of readers and of the admin, from one process that may use one core and one gigabyte of memory,
and writes the section of RESULTS.md and the line of README.md, unless ``--print`` is given. It
takes some three minutes.

Aims, by the wall clock: 50 ms for a reader's page, 200 ms for a page of the admin.
"""

import argparse
import datetime
import json
import os
import platform
import re
import resource
import secrets
import sys
from pathlib import Path
from typing import Any

from benchmarks import footprint, results
from benchmarks.databases import figures_of
from benchmarks.measuring import Request, measure

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ARTICLES = 40_000
GIGABYTE = 2**30
#: Milliseconds.
AIMS = {"readers": 50.0, "admin": 200.0}
#: What stands between these two in README.md is written here.
MARKS = ("<!-- small case -->", "<!-- /small case -->")


def measure_all(seconds: float) -> dict[str, Any]:
    """Return the figures of DATABASE_URL; to be run in a process of its own, which it limits."""
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from articles.models import Article
    from benchmarks.pages import kinds

    call_command("collectstatic", interactive=False, verbosity=0)
    ask = Request(get_wsgi_application())
    pages = kinds()
    rows = [("readers", kind.name, kind.addresses, {}) for kind in pages]
    cookie = _session()
    rows += [("admin", name, [address], cookie) for name, address in admin_pages()]
    figures: dict[str, Any] = {
        "articles": Article.objects.count(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "pages": [],
    }
    for whose, name, addresses, headers in rows:

        def asked(address: str, headers: dict[str, str] = headers) -> bytes:
            return ask(address, **headers)

        asked(addresses[0])
        if whose == "admin" and ask.status == 302:
            # Of what there is one of, the list leads to its form.
            continue
        if ask.status != 200:
            raise RuntimeError(f"{addresses[0]} answered {ask.status}")
        found = measure(asked, addresses, seconds=seconds)
        figures["pages"].append({"whose": whose, "name": name, **found})
        print(f"{whose}, {name}: {found['p50']:.1f} ms", file=sys.stderr, flush=True)
    figures |= footprint.sizes()
    figures["worker"] = footprint.worker([kind.addresses[0] for kind in pages])
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return figures


def _session() -> dict[str, str]:
    """Return the header of a superuser who is signed in."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    users = get_user_model()._default_manager
    client = Client()
    name = f"measure-{secrets.token_hex(4)}"
    client.force_login(users.create_superuser(name, password=None))  # type: ignore[attr-defined]
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}"}


def admin_pages() -> list[tuple[str, str]]:
    """Return the start page of the admin, every list, and a form of each list that has a row."""
    from django.contrib import admin
    from django.urls import reverse

    from benchmarks.corpus import Corpus

    found = [("start", reverse("admin:index"))]
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        plural = str(model._meta.verbose_name_plural)
        found.append((f"list of {plural}", reverse(f"{name}_changelist")))
        if model._meta.label == "articles.Article":
            address = reverse(f"{name}_changelist")
            word = Corpus(8).words["en"][300]
            found.append((f"list of {plural}, page 100", f"{address}?p=100"))
            found.append((f"list of {plural}, searched", f"{address}?q={word}"))
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            found.append(
                (f"form of {model._meta.verbose_name}", reverse(f"{name}_change", args=[row.pk]))
            )
    return found


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    worker = figures["worker"]
    lines = [
        f"{figures['articles']:,} articles on SQLite, one core and one gigabyte of address space"
        f" for a process; {figures['machine']}; {figures['date']}. Load average"
        f" {figures['load_average']:.1f}. Pages are made, not kept.",
        "",
        f"{figures['disk'] / 1e6:,.0f} MB on disk, {figures['disk'] / figures['text']:.1f} times"
        f" the text. A worker answers {worker['start']:.1f} s after the server was started and has"
        f" {worker['memory']:.0f} MB.",
        "",
        "| page | wall ms p50 | p95 | aim | CPU ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for page in figures["pages"]:
        aim = AIMS[page["whose"]]
        over = " **over**" if page["p95"] > aim else ""
        whose = "admin: " if page["whose"] == "admin" else ""
        lines.append(
            f"| {whose}{page['name']} | {page['p50']:.1f} | {page['p95']:.1f}{over} | {aim:.0f}"
            f" | {page['cpu']:.1f} |"
        )
    return "\n".join(lines)


def sentence(figures: dict[str, Any]) -> str:
    """Return what README.md says of it."""
    slowest = {
        whose: max((page for page in figures["pages"] if page["whose"] == whose),
                   key=lambda page: page["p50"])
        for whose in AIMS
    }  # fmt: skip
    typical = sorted(page["p50"] for page in figures["pages"] if page["whose"] == "readers")
    return (
        f"{figures['articles']:,} articles on SQLite, one core and one gigabyte: half of all kinds"
        f" of readers' pages are made in {typical[len(typical) // 2]:.0f} ms or less, the slowest"
        f" ({slowest['readers']['name']}) in {slowest['readers']['p50']:.0f}; the slowest page of"
        f" the admin ({slowest['admin']['name']}) takes {slowest['admin']['p50']:.0f} ms."
        f" [RESULTS.md](RESULTS.md) has all figures, up to a million articles."
    )


def write_readme(text: str, file: Path = README) -> None:
    """Put *text* between the marks of README.md."""
    start, end = MARKS
    old = file.read_text(encoding="utf-8")
    new = re.sub(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _found: f"{start}\n{text}\n{end}", old,
        flags=re.DOTALL,
    )  # fmt: skip
    if start not in old:
        raise RuntimeError(f"{file.name} has no place for it.")
    file.write_text(new, encoding="utf-8")


def main() -> int:
    """Build, measure, print Markdown and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each page")
    parser.add_argument("--at", metavar="URL", default="", help="measure an archive that is there")
    parser.add_argument("--print", action="store_true", help="write to no file")
    parser.add_argument("--here", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        figures = measure_all(options.seconds)
        Path(options.here).write_text(json.dumps(figures), encoding="utf-8")
        return 0
    figures = figures_of(
        options.articles, options.at, "benchmarks.small", "--seconds", str(options.seconds)
    )
    text = table(figures)
    print(text)
    if not options.print:
        results.write(f"A small archive: {figures['articles']:,} articles", text)
        write_readme(sentence(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
