"""Pages from memory are what the site would answer, to the byte, and no one else's."""

import datetime
import zoneinfo
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from archive_site import caching, release
from archive_site.front import Front
from archive_site.page_store import Kept, PageStore
from articles import clock
from articles.choices import OperationKind, Status
from articles.models import Article, ContentVersion, Operation
from articles.writing.articles import delete_articles, save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.merging import merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import delete_named, save_named
from articles.writing.sample import remove_sample
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.undoing import entry, import_entries, undo
from tests.site.serving import ask, front, plain
from tests.site.test_answers import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def archive(db: None, settled: None) -> None:
    """Fill an archive that nobody has changed for a while."""
    sea, tides = make_tag("Sea"), make_series("Tides", kind="serial")
    weekly = make_series("Weekly", kind="column")
    make_article(
        "A bell", key="abcd0000", authors=["Ada"], tags=[sea], series=[(tides, 1), weekly],
        body="<p>It rang.</p>", byline="By Ada",
    )  # fmt: skip
    make_article(
        "A buoy", key="abcd0001", authors=["Ben"], series=[(tides, 3)], published_on="2019"
    )
    gone = make_article("Gone", key="g0ne0000")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take pages for as old as they must be to be kept at once."""
    monkeypatch.setattr(caching, "UNSURE", datetime.timedelta(0))


def kept_by(application: Front, address: str, **environ: Any) -> bool:
    """Ask twice; return whether the second answer came from memory, at the cost of one query."""
    ask(application, address, **environ)
    inside = application.application
    try:
        application.application = lambda given, start: [start("500 Asked", []) or b""]
        with CaptureQueriesContext(connection) as queries:
            is_kept = ask(application, address, **environ).status != 500
    finally:
        application.application = inside
    assert len(queries) <= 1
    return is_kept


KEPT = [
    address
    for address, status in PAGES.items()
    # The icon has an age of its own, and lists of keys have no one form.
    if status == 200 and address != "/favicon.ico" and "keys=" not in address
]


def test_an_old_connection_is_not_closed_within_a_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application = front()
    monkeypatch.setattr(connections["default"], "close_at", 0.0)
    assert ask(application, "/").status == 200


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_memory_answers_to_the_byte(address: str, method: str) -> None:
    application = front()
    expected = ask(plain(), address, method)
    for _time in range(3):
        found = ask(application, address, method)
        body = b"" if method == "HEAD" else expected.body
        assert (found.status, found.headers) == (expected.status, expected.headers)
        assert found.body in {body, expected.body}
    assert kept_by(application, address) is (address in KEPT)


@pytest.mark.parametrize("key", ["ABCD0000", "abcdoooo"])
def test_a_key_in_another_spelling_is_answered_and_not_kept(key: str) -> None:
    application = front()
    for ending in (".bib", ".ris"):
        right = ask(plain(), f"/a/abcd0000{ending}")
        assert ask(application, f"/a/{key}{ending}").body == right.body
        assert not kept_by(application, f"/a/{key}{ending}")
        assert kept_by(application, f"/a/abcd0000{ending}")


def test_a_page_that_was_made_for_head_is_whole() -> None:
    application = front()
    ask(application, "/articles/", "HEAD")
    assert kept_by(application, "/articles/")
    assert ask(application, "/articles/").body == ask(plain(), "/articles/").body
    assert ask(application, "/articles/", "HEAD").body == b""


def test_other_methods_are_refused() -> None:
    application = front()
    ask(application, "/articles/")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PURGE"):
        assert ask(application, "/articles/", method).status == 405


ADDRESSES = [
    *PAGES, "/tags/sea/", "/authors/ada/", "/authors/ben/", "/series/tides/", "/series/weekly/",
    "/articles/?author=ada", "/articles/?tag=sea", "/articles/?series=tides", "/articles/?q=rang",
    "/articles/?year=2019", "/a/abcd0001/", "/articles/2019/a-buoy/", "/articles/?sort=oldest",
    "/articles/2019/", "/authors/ada-moss/", "/tags/ocean/", "/articles/2020/03/01/a-knell/",
    "/authors/a-quill/",
]  # fmt: skip


def _article(slug: str = "a-bell") -> Article:
    return Article.objects.get(slug=slug)


def _edit(**fields: Any) -> None:
    article = _article()
    save_article(
        ArticleChange(article=article, fields=fields, expected_version=article.version), actor=None
    )


def _save_author(**fields: Any) -> None:
    ada = Author.objects.get(slug="ada")
    for name, value in fields.items():
        setattr(ada, name, value)
    save_named(ada, actor=None)


def _merge_and_unmerge(folder: Path) -> Iterator[None]:
    ada, ben = Author.objects.get(slug="ada"), Author.objects.get(slug="ben")
    merge_named(ada, [ben], actor=None)
    yield
    unmerge(Operation.objects.filter(kind=OperationKind.MERGE).latest("pk"), actor=None)
    yield


def _import_and_undo(folder: Path) -> Iterator[None]:
    run = import_entries(folder, entry(1), entry(2))
    yield
    undo(run)
    yield


def _typed_then_listed(folder: Path) -> Iterator[None]:
    """A listing brings what was typed in by hand: its page says now where it stands."""
    make_article("The clock", authors=["A. Quill"], byline="By A. Quill", published_on="2020-05-01")
    yield
    import_entries(folder, ("The clock", "By A. Quill, 1 May 2020", "About the clock."))
    yield


def one(act: Callable[[], object]) -> Callable[[Path], Iterator[None]]:
    """Return *act* as a sequence of one."""

    def run(folder: Path) -> Iterator[None]:
        act()
        yield

    return run


def _sample() -> None:
    from django.core.management import call_command

    call_command("import_sample", verbosity=0)


def _remove_sample(folder: Path) -> Iterator[None]:
    _sample()
    yield
    remove_sample()
    yield


def _delete_draft_author() -> None:
    delete_named(make_author("Nobody"), actor=None)


ACTS: dict[str, Callable[[Path], Iterator[None]]] = {
    "publish": one(lambda: make_article("A knell", slug="a-knell", authors=["Ada Moss"])),
    "headline": one(lambda: _edit(headline="A knell")),
    "slug": one(lambda: _edit(slug="a-knell")),
    "body": one(lambda: _edit(body="<p>It was silent.</p>")),
    "correction": one(lambda: _edit(correction_note="It did not ring.")),
    "date": one(lambda: _edit(published_on="2019-05-05")),
    "withdraw": one(
        lambda: set_status([_article().pk], Status.WITHDRAWN, actor=None, reason="Untrue.")
    ),
    "tombstone": one(lambda: _reword_tombstone()),
    "schedule": one(
        lambda: make_article("Soon", visible_from=clock.now() + datetime.timedelta(hours=1))
    ),
    "delete": one(lambda: delete_articles([make_article(status="draft").pk], actor=None)),
    "merge articles": one(lambda: merge_articles(_article("a-buoy").pk, _article().pk, actor=None)),
    "rename": one(lambda: _save_author(name="Ada Moss")),
    "address": one(lambda: _save_author(slug="ada-moss")),
    "biography": one(lambda: _save_author(bio="She rang.")),
    "life": one(lambda: _save_author(born="1871")),
    "delete author": one(_delete_draft_author),
    "merge authors": _merge_and_unmerge,
    "import": _import_and_undo,
    "typed, then listed": _typed_then_listed,
    "sample": _remove_sample,
}


def _reword_tombstone() -> None:
    gone = Article.objects.get(slug="gone")
    save_article(
        ArticleChange(
            article=gone, fields={"withdrawn_reason": "Libel."}, expected_version=gone.version
        ),
        actor=None,
    )


@pytest.mark.parametrize("act", ACTS)
def test_whatever_changes_a_page_moves_the_version(act: str, tmp_path: Path) -> None:
    application = front()
    before = {address: ask(application, address) for address in ADDRESSES}
    for _stage in ACTS[act](tmp_path):
        for address in ADDRESSES:
            expected = ask(plain(), address)
            found = ask(application, address)
            assert (found.status, found.body) == (expected.status, expected.body), address
            known = before[address].headers.get("etag")
            if known:
                again = ask(application, address, HTTP_IF_NONE_MATCH=known)
                is_same = (before[address].status, before[address].body) == (
                    expected.status, expected.body,
                )  # fmt: skip
                assert again.status != 304 or is_same, address
            before[address] = found


def test_a_withdrawn_article_is_gone_at_once() -> None:
    application = front()
    address = "/articles/2020/03/01/a-bell/"
    first = ask(application, address)
    assert kept_by(application, address)
    set_status([_article().pk], Status.WITHDRAWN, actor=None, reason="Untrue.")
    for known in ({}, {"HTTP_IF_NONE_MATCH": first.headers["etag"]}):
        answer = ask(application, address, **known)
        assert answer.status == 410
        assert b"It rang" not in answer.body
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("saves_always", [False, True])
def test_what_editors_see_stays_theirs(saves_always: bool) -> None:
    editor: Any = get_user_model().objects.create_superuser("edith", password="long-enough-word")
    browser = Client()
    browser.force_login(editor)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    with override_settings(SESSION_SAVE_EVERY_REQUEST=saves_always):
        application = front()
        for address in PAGES:
            theirs = ask(application, address, HTTP_COOKIE=cookies)
            readers = ask(application, address)
            again = ask(application, address, HTTP_COOKIE=cookies)
            assert b"edith" not in readers.body, address
            assert b"/admin/" not in readers.body or address == "/robots.txt"
            assert b"csrf" not in readers.body
            assert (again.status, again.body) == (theirs.status, theirs.body)
            assert (b"edith" in again.body) is (b"</html>" in again.body), address
            assert "set-cookie" not in readers.headers
            assert "cookie" not in readers.headers.get("vary", "").lower()
            if b"edith" in again.body:
                assert again.headers["cache-control"] == "private, no-store"
                assert "etag" not in again.headers
            tag = readers.headers.get("etag", 'W/"0"')
            assert ask(
                application, address, HTTP_COOKIE=cookies, HTTP_IF_NONE_MATCH=tag
            ).status != (304)


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=nonsense"},
        {"HTTP_COOKIE": f"theme=dark; {settings.SESSION_COOKIE_NAME}=nonsense"},
    ],
)
def test_who_shows_a_password_or_a_session_is_answered_alone(environ: dict[str, str]) -> None:
    application = front()
    assert kept_by(application, "/articles/")
    assert not kept_by(application, "/articles/", **environ)
    answer = ask(application, "/articles/", **environ)
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


def test_other_cookies_and_headers_change_nothing() -> None:
    application = front()
    expected = ask(application, "/articles/")
    for name, value in {
        "HTTP_COOKIE": "theme=dark; messages=x; csrftoken=y",
        "HTTP_ACCEPT_LANGUAGE": "de",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_PORT": "1",
        "HTTP_X_ORIGINAL_URL": "/admin/",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
        "HTTP_RANGE": "bytes=0-10",
        "HTTP_ORIGIN": "https://evil.example",
        "wsgi.input": BytesIO(b"q=evil"),
    }.items():
        for application_now in (front(), application):
            ask(application_now, "/articles/", **{name: value})
            clean = ask(application_now, "/articles/")
            assert (clean.status, clean.headers, clean.body) == (
                expected.status, expected.headers, expected.body,
            ), name  # fmt: skip


def test_an_unknown_host_is_refused_though_the_page_is_kept() -> None:
    application = front()
    tag = ask(application, "/articles/").headers["etag"]
    for host in ("evil.example", "localhost.evil.example", "localhost:x", "LOCALHOST@evil", ""):
        assert ask(application, "/articles/", HTTP_HOST=host).status == 400, host
        refused = ask(application, "/articles/", HTTP_HOST=host, HTTP_IF_NONE_MATCH=tag)
        assert refused.status == 400
    upper = ask(application, "/feed.atom", HTTP_HOST="LocalHost")
    assert upper.status == 200
    assert b"LocalHost" not in ask(application, "/feed.atom").body
    assert b"//localhost:81/" in ask(application, "/feed.atom", HTTP_HOST="localhost:81").body
    assert b":81" not in ask(application, "/feed.atom").body


@pytest.mark.parametrize(
    "address",
    ["/nothing/", "/articles/?year=x", "/articles/?page=150", "/a/g0ne0000/", "/articles/%00/",
     "/articles", "/a/abcd0000/", "/admin/login/", "/static/none.css"],
)  # fmt: skip
def test_what_is_no_page_is_not_kept(address: str) -> None:
    application = front()
    assert ask(application, address).status != 200 or "/admin/" in address
    assert not kept_by(application, address)
    assert application.store.used == 0
    assert "etag" not in ask(application, address).headers


def test_a_failure_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.views import home

    def fail() -> None:
        raise RuntimeError

    application = front()
    with monkeypatch.context() as patch:
        patch.setattr(home, "year_totals", fail)
        assert ask(application, "/").status == 500
    assert ask(application, "/").status == 200
    with monkeypatch.context() as patch:
        patch.setattr(home, "year_totals", fail)
        assert ask(application, "/").status == 200


@pytest.mark.parametrize(
    "query",
    ["utm_source=x", "q=bell&utm_source=x", "q=bell&q=bell", "q=+bell", "year=2020&tag=sea",
     "page=1", "author=ada;tag=sea", "x", "q=b%65ll", "after=007", "format=csv", "Q=bell",
     "q=bell&"],
)  # fmt: skip
def test_only_the_one_form_of_an_address_is_kept(query: str) -> None:
    application = front()
    assert ask(application, f"/articles/?{query}").status == 200
    assert application.store.used == 0


@pytest.mark.parametrize(
    "query", ["q=bell", "author=ada&tag=sea", "year=2020&month=3", "after=5", "sort=oldest"]
)
def test_the_forms_that_the_site_links_to_are_kept(query: str) -> None:
    assert kept_by(front(), f"/articles/?{query}")


def test_memory_has_an_end() -> None:
    store = PageStore(200_000)
    plain_page = ("http", "h", "/", "")
    store.put(plain_page, "v", Kept(b"x" * 50_000, ()))
    for number in range(1000):
        store.put(("http", "h", "/articles/", f"q={number}"), "v", Kept(b"y" * 9_000, ()))
        assert store.used <= 200_000
    assert store.get(plain_page, "v") is not None, "queries crowd out no plain address"
    assert store.get(("http", "h", "/articles/", "q=0"), "v") is None
    assert store.get(("http", "h", "/articles/", "q=999"), "v") is not None
    assert store.get(plain_page, "another version") is None
    store.put(plain_page, "w", Kept(b"x" * 2_000_000, ()))
    assert store.get(plain_page, "w") is None


def test_nothing_outlives_the_moment_when_an_article_is_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application = front()
    due = clock.now().replace(microsecond=0) + datetime.timedelta(hours=1, seconds=5)
    later = make_article("Later", visible_from=due, published_on="2020-06-01")
    for before, age in ((3600, 1), (2, 1), (0.5, 0)):
        moment = due - datetime.timedelta(seconds=before)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        answer = ask(application, "/articles/")
        assert f"s-maxage={age}," in answer.headers["cache-control"]
        assert b"Later" not in answer.body
    for after in (0, 1, 86_400):
        moment = due + datetime.timedelta(seconds=after)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        known = {"HTTP_IF_NONE_MATCH": answer.headers["etag"]} if after == 0 else {}
        assert b"Later" in ask(application, "/articles/", **known).body
    assert ask(application, later.get_absolute_url()).status == 200


def test_a_new_day_is_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day is that of the site: some pages say what was published on it."""
    zone = zoneinfo.ZoneInfo("Asia/Tokyo")
    with override_settings(TIME_ZONE="Asia/Tokyo"):
        application = front()
        midnight = datetime.datetime(2040, 3, 2, tzinfo=zone)
        seen = []
        for seconds, age in ((-3600, 1), (-0.5, 0), (0, 1), (3600, 1)):
            moment = (midnight + datetime.timedelta(seconds=seconds)).astimezone(datetime.UTC)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            answer = ask(application, "/articles/")
            assert f"s-maxage={age}," in answer.headers["cache-control"]
            seen.append(answer.headers["etag"])
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_while_an_article_is_due_and_not_admitted_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from articles.writing import admission

    application = front()
    due = clock.now() + datetime.timedelta(seconds=5)
    make_article("Later", visible_from=due)
    known = ask(application, "/articles/").headers["etag"]
    monkeypatch.setattr(clock, "now", lambda: due)
    monkeypatch.setattr(admission, "admit_due", lambda: 0)
    answer = ask(application, "/articles/", HTTP_IF_NONE_MATCH=known)
    assert (answer.status, "etag" in answer.headers) == (200, False)
    assert "s-maxage=0" in answer.headers["cache-control"]


def test_where_the_clock_is_behind_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    application = front()
    behind = clock.now() - datetime.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: behind)
    assert "etag" not in ask(application, "/articles/").headers
    assert application.store.used == 0


def test_a_restored_database_is_another() -> None:
    application = front()
    known = ask(application, "/articles/").headers["etag"]
    version = ContentVersion.objects.get()
    version.changed += datetime.timedelta(microseconds=1)
    version.save()
    assert ask(application, "/articles/", HTTP_IF_NONE_MATCH=known).status == 200
    assert ask(application, "/articles/").headers["etag"] != known


def test_versions_are_told_apart_though_the_clock_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    seen = []
    for _number in range(3):
        make_article()
        seen.append(ContentVersion.objects.get().changed)
    assert seen == sorted(set(seen))


def test_every_form_of_the_tag_is_known() -> None:
    application = front()
    first = ask(application, "/articles/")
    tag = first.headers["etag"]
    strong = tag.removeprefix("W/")
    for given in (tag, strong, f'"a", {tag}', f'{strong},"b"', f"{tag}, {tag}"):
        for program in (application, plain()):
            answer = ask(program, "/articles/", HTTP_IF_NONE_MATCH=given)
            assert (answer.status, answer.body) == (304, b""), given
            assert answer.headers["etag"] == tag
            assert answer.headers["cache-control"] == first.headers["cache-control"]
            assert "content-security-policy" in answer.headers
            assert "content-length" not in answer.headers
    for given in ('"a"', tag[:-3] + '"', "*x", "", '"a", "b"'):
        assert ask(application, "/articles/", HTTP_IF_NONE_MATCH=given).status == 200, given


def test_a_date_counts_where_it_tells_versions_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    application = front()
    modified = ask(application, "/articles/").headers["last-modified"]
    since = {"HTTP_IF_MODIFIED_SINCE": modified}
    assert ask(application, "/articles/", **since).status == 304
    assert ask(application, "/articles/", HTTP_IF_NONE_MATCH='"x"', **since).status == 200
    later = {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert ask(application, "/articles/", **later).status == 200
    monkeypatch.setattr(caching, "UNSURE", datetime.timedelta(seconds=10))
    assert "last-modified" not in ask(front(), "/articles/").headers
    assert ask(front(), "/articles/", **since).status == 200


def test_another_release_finds_nothing_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = []
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "base.html"
    page.write_text("one", encoding="utf-8")
    with override_settings(BASE_DIR=tmp_path):
        marks.append(release.mark.__wrapped__())
        assert release.mark.__wrapped__() == marks[0]
        page.write_text("two", encoding="utf-8")
        marks.append(release.mark.__wrapped__())
        monkeypatch.setenv("SITE_NAME", "Another")
        marks.append(release.mark.__wrapped__())
        monkeypatch.setenv("LOG_LEVEL", "INFO")
        assert release.mark.__wrapped__() == marks[-1]
    assert len(set(marks)) == 3
    known = ask(front(), "/articles/").headers["etag"]
    monkeypatch.setattr(release, "mark", lambda: "another")
    monkeypatch.setattr(caching, "_last", None)
    assert ask(front(), "/articles/", HTTP_IF_NONE_MATCH=known).status == 200


def test_a_kept_page_can_be_carried() -> None:
    page = Kept("Zażółć\n".encode(), (("Content-Type", "text/html"), ("X", 'a"b')))
    assert Kept.load(page.dump()) == page
    for broken in (b"", b"\n", b"{}\nx", b"[1]\nx", b"[]", b"nonsense"):
        with pytest.raises((ValueError, TypeError)):
            Kept.load(broken)
