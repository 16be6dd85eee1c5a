"""The desk at size: every page of the admin that an editor waits for.

``python -m benchmarks.desk`` builds an archive of 40,000 articles and 4,000 findings on SQLite in a
temporary folder, signs in, and asks for each list of the admin, by every filter, every order, in
search and on its last page; for the forms, what is found while somebody types, the figures and the
start page of every role. It writes its section of RESULTS.md, unless ``--print`` is given.
``--articles`` and ``--findings`` say how many; ``--at URL`` measures an archive that is there.

Of what has many variants (the choices of a filter, the orders of a list) the table has the slowest
and says which it is. Aims, of CPU on one core: 200 ms up to 40,000 articles, one second above.
"""

import argparse
import datetime
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import results
from benchmarks.databases import figures_of
from benchmarks.measuring import Request, collect_static

ARTICLES, SMALL = 40_000, 40_000
#: Milliseconds, for archives up to `SMALL` and for larger ones.
AIMS = (200.0, 1000.0)
#: Of a filter or an autocomplete, so many choices are asked for.
CHOICES = 8
#: So many requests make one figure, unless the first took longer than `PATIENCE` seconds.
TIMES, PATIENCE = 3, 1.0
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page, its addresses by what tells them apart, and the header of who asks."""

    name: str
    addresses: dict[str, str]
    headers: dict[str, str]


def make_findings(wanted: int) -> int:
    """Raise open findings until there are *wanted*, spread over articles and codes; say how many
    were made."""
    from django.db import transaction

    from articles.choices import OperationKind
    from articles.models import Article, Finding, ImportRun
    from articles.review.codes import CODES
    from articles.review.facts import Doubt
    from articles.review.running import Raised
    from articles.writing import findings, operations

    missing = wanted - Finding.objects.count()
    if missing <= 0:
        return 0
    codes = sorted(CODES)[:20]
    run = ImportRun.objects.order_by("pk").first()
    step = max(1, Article.objects.count() * 2 // missing)
    made = 0
    rows = Article.objects.order_by("pk").values_list("pk", "headline").iterator(CHUNK)
    raised: list[Raised] = []

    def store() -> None:
        with transaction.atomic():
            operation = operations.begin(OperationKind.IMPORT, reason="benchmark")
            findings.store_new(raised, operation=operation, run=run, entries={})
        raised.clear()

    for place, (pk, headline) in enumerate(rows):
        for number in range(2 if place % step == 0 else 0):
            if made < missing:
                code = codes[(made * 7 + number) % len(codes)]
                message = f"Is this right: “{headline[:80]}”?"
                raised.append(Raised(code, pk, Doubt(message, f"benchmark {made}")))
                made += 1
        if len(raised) >= CHUNK:
            store()
    store()
    return made


def _session(role: str) -> dict[str, str]:
    """Return the header of somebody in *role* who is signed in."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    users: Any = get_user_model()._default_manager
    name = f"measure-{role.lower().replace(' ', '-')}"
    users.filter(username=name).delete()
    user = users.create_user(name, is_staff=True, is_superuser=role == "superuser")
    if role != "superuser":
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}"}


def kinds() -> Iterator[Kind]:
    """Yield the kinds of pages of the archive in the default database."""
    from django.contrib import admin
    from django.contrib.auth.models import Group
    from django.urls import reverse

    mine = _session("superuser")
    start = reverse("admin:index")
    yield Kind("start page", {"superuser": start}, mine)
    for group in Group.objects.order_by("pk"):
        yield Kind(f"start page, {group.name}", {"": start}, _session(group.name))
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        yield from _of_model(admin.site._registry[model], mine)
    yield Kind("found while typing", dict(_autocompletes()), mine)
    for name in ("figures", "articles_bulk", "articles_sheet_give", "articles_redaction_remove"):
        address = reverse(f"admin:{name}")
        yield Kind(name.replace("_", " "), {"": address}, mine)


def _of_model(model_admin: Any, headers: dict[str, str]) -> Iterator[Kind]:
    from django.urls import reverse

    meta = model_admin.model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}"
    address = reverse(f"{name}_changelist")
    title = f"{meta.verbose_name_plural}"
    changes = _changelist(model_admin, address)
    if changes is None:
        return
    yield Kind(title, {"": address}, headers)
    pages = changes.paginator.num_pages
    if pages > 2:
        last = {"page 2": f"{address}?p=2", "last page": f"{address}?p={pages}"}
        yield Kind(f"{title}, other pages", last, headers)
    for spec in changes.filter_specs:
        if found := _choices(spec, changes):
            yield Kind(
                f"{title}, by {spec.title}",
                {label: address + query for label, query in found.items()},
                headers,
            )
    orders: dict[str, str] = {}
    for place, column in enumerate(changes.list_display):
        if changes.get_ordering_field(column):
            orders |= {f"{column} up": f"{address}?o={place}"}
            orders |= {f"{column} down": f"{address}?o=-{place}"}
    if orders:
        yield Kind(f"{title}, in another order", orders, headers)
    if model_admin.search_fields:
        words = {word: f"{address}?{urlencode({'q': word})}" for word in _words()}
        yield Kind(f"{title}, searched", words, headers)
    if model_admin.show_facets.name == "ALLOW" and changes.filter_specs:
        yield Kind(f"{title}, with counts", {"": f"{address}?_facets=True"}, headers)
    if model_admin.date_hierarchy:
        by = model_admin.date_hierarchy
        now = datetime.datetime.now(datetime.UTC).year
        years = {str(year): f"{address}?{by}__year={year}" for year in (now, 2000, 1971)}
        yield Kind(f"{title}, of a year", years, headers)
    rows = model_admin.model._default_manager.order_by("pk").values_list("pk", flat=True)
    ends = {"newest": rows.last(), "oldest": rows.first()}
    for page in ("change", "history"):
        if ends["newest"] is not None and (page == "change" or getattr(model_admin, "subject", "")):
            forms = {which: reverse(f"{name}_{page}", args=[pk]) for which, pk in ends.items()}
            yield Kind(f"{title}, {'form' if page == 'change' else page}", forms, headers)


def _request(address: str) -> Any:
    """Return a request of the superuser for *address*."""
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory
    from django.urls import resolve

    request: Any = RequestFactory().get(address)
    request.user = get_user_model()._default_manager.get(username="measure-superuser")
    request.resolver_match = resolve(address)
    return request


def _changelist(model_admin: Any, address: str) -> Any:
    """Return the list as a superuser gets it; None if the list leads elsewhere."""
    request = _request(address)
    response = model_admin.changelist_view(request)
    is_list = response.status_code == 200
    return model_admin.get_changelist_instance(request) if is_list else None


def _choices(spec: Any, changes: Any) -> dict[str, str]:
    """Return the query string of some choices of a filter: the first of them, evenly."""
    from articles.admin.filters import AutocompleteFilter

    if isinstance(spec, AutocompleteFilter):
        relation: Any = spec.field()
        ids = relation.related_model._default_manager.order_by("pk").values_list("pk", flat=True)
        chosen = [ids.first(), ids.last()]
        return {
            which: f"?{spec.parameter_name}={pk}"
            for which, pk in zip(("first", "last"), chosen, strict=True)
            if pk is not None
        }
    found = list(spec.choices(changes))
    found = found[:: max(1, -(-len(found) // CHOICES))]
    return {str(choice["display"]): choice["query_string"] for choice in found}


def _words() -> list[str]:
    """Return words that stand in most articles, in many, in few, in none, and a part of one."""
    from benchmarks.corpus import Corpus

    words = Corpus(8).words["en"]
    return ["the", words[0], words[300], words[-1], "qqqq", words[40][:2]]


def _autocompletes() -> Iterator[tuple[str, str]]:
    from django.contrib import admin
    from django.urls import reverse

    address = reverse("admin:autocomplete")
    request = _request(address)
    asked = {
        (field.model._meta, name)
        for model_admin in admin.site._registry.values()
        for owner in (model_admin, *model_admin.get_inline_instances(request))
        for name in owner.autocomplete_fields
        for field in [owner.model._meta.get_field(name)]
    }
    asked |= {(field.model._meta, field.name) for field in _filter_fields()}
    for meta, name in sorted(asked, key=lambda pair: (pair[0].label, pair[1])):
        for word in ("", *_words()):
            query = {"app_label": meta.app_label, "model_name": meta.model_name,
                     "field_name": name, "term": word}  # fmt: skip
            yield f"{meta.model_name} {name} “{word}”", f"{address}?{urlencode(query)}"


def _filter_fields() -> Iterator[Any]:
    from articles.admin.article_filters import ARTICLE_FILTERS
    from articles.admin.filters import AutocompleteFilter

    kinds: tuple[Any, ...] = ARTICLE_FILTERS
    for kind in kinds:
        if issubclass(kind, AutocompleteFilter):
            yield kind.field(kind.__new__(kind))


def cost(ask: Request, address: str, headers: dict[str, str], times: int) -> dict[str, Any]:
    """Return what one page costs: milliseconds of CPU and of the wall, statements, its status."""
    from django.db import connection

    statements = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    started = time.perf_counter()
    with connection.execute_wrapper(count):
        ask(address, **headers)
    first = time.perf_counter() - started
    walls, used = [], time.process_time()
    for _time in range(times if first < PATIENCE else 1):
        started = time.perf_counter()
        ask(address, **headers)
        walls.append(time.perf_counter() - started)
    used = time.process_time() - used
    return {
        "wall": 1000 * sorted(walls)[len(walls) // 2],
        "cpu": 1000 * used / len(walls),
        "sql": statements,
        "status": ask.status,
    }


def measure_all(findings: int, only: str, times: int, some: int | None) -> dict[str, Any]:
    """Return the figures of DATABASE_URL; of each kind of page of all addresses, or *some*."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from articles.models import Article, Finding

    collect_static()
    made = make_findings(findings)
    print(f"{made:,} findings made", file=sys.stderr, flush=True)
    ask = Request(get_wsgi_application())
    figures: dict[str, Any] = {
        "articles": Article.objects.count(),
        "findings": Finding.objects.count(),
        "database": "SQLite" if connection.vendor == "sqlite" else "PostgreSQL",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "pages": [],
    }
    for kind in kinds():
        if only not in kind.name:
            continue
        found = [
            {"which": which, "address": address, **cost(ask, address, kind.headers, times)}
            for which, address in islice(kind.addresses.items(), some)
        ]
        # What the site's own time limit ends (503) took longer than anything that was answered.
        worst = max(found, key=lambda one: (one["status"] != 200, one["cpu"]))
        most = max(one["sql"] for one in found)
        figures["pages"].append({"name": kind.name, "of": len(found), **worst, "sql": most})
        told = f"{kind.name}: {worst['cpu']:.0f} ms, {most} SQL ({worst['which']})"
        print(told, file=sys.stderr, flush=True)
    return figures


def _is_over(page: dict[str, Any], aim: float) -> bool:
    return bool(page["cpu"] > aim or page["status"] != 200)


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    aim = AIMS[figures["articles"] > SMALL]
    pages: Sequence[dict[str, Any]] = figures["pages"]
    over = [page for page in pages if _is_over(page, aim)]
    lines = [
        f"{figures['articles']:,} articles and {figures['findings']:,} findings on"
        f" {figures['database']}; {figures['machine']}; {figures['date']}. Load average"
        f" {figures['load_average']:.1f}. Aim: {aim:,.0f} ms of CPU, which on SQLite is all but the"
        f" disk; {len(over)} of {len(pages)} kinds of pages are over it.",
        "",
        "| page | slowest of | CPU ms | wall ms | SQL |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for page in pages:
        mark = " **over**" if _is_over(page, aim) else ""
        mark += f" (answered {page['status']})" if page["status"] != 200 else ""
        which = f"{page['of']}: {page['which']}" if page["of"] > 1 else ""
        lines.append(
            f"| {page['name']} | {which} | {page['cpu']:.0f}{mark} | {page['wall']:.0f}"
            f" | {page['sql']} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Build, measure, print Markdown and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--findings", type=int, help="a tenth of the articles, unless given")
    parser.add_argument("--at", metavar="URL", default="", help="measure an archive that is there")
    parser.add_argument("--only", metavar="TEXT", default="", help="pages with that in their name")
    parser.add_argument("--times", type=int, default=TIMES, help="requests that make one figure")
    parser.add_argument("--most", type=int, metavar="N", help="N addresses of each kind of page")
    parser.add_argument("--print", action="store_true", help="write to no file")
    parser.add_argument("--here", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    findings = options.articles // 10 if options.findings is None else options.findings
    if options.here:
        figures = measure_all(findings, options.only, options.times, options.most)
        Path(options.here).write_text(json.dumps(figures), encoding="utf-8")
        return 0
    figures = figures_of(
        options.articles, options.at, "benchmarks.desk",
        "--findings", str(findings), "--only", options.only, "--times", str(options.times),
        *(["--most", str(options.most)] if options.most else []),
    )  # fmt: skip
    text = table(figures)
    print(text)
    if not options.print and not options.only:
        title = f"The desk: {figures['articles']:,} articles, {figures['database']}"
        results.write(title, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
