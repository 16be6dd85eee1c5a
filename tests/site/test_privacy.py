"""What is not public leaves no trace: no word, no count, no order, no address."""

import datetime
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from archive_site import caching
from articles import clock
from articles.choices import Status
from articles.models import Article
from articles.writing.articles import set_status
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: For each public address, by the name of its view, what stands in its place in these tests.
CASES: dict[str, list[dict[str, str]]] = {
    "home": [{}],
    "page": [{"slug": "about"}, {"slug": "{slug}"}],
    "sitemap": [{}],
    "sitemap-page": [
        {"kind": kind, "number": "1"} for kind in ("pages", "articles", "authors", "series", "tags")
    ],
    "feed": [{}],
    "robots": [{}],
    "security": [{}],
    "favicon": [{}],
    "icon": [{}],
    "card": [{}],
    "article-card": [{"key": "{key}"}, {"key": "pub11cxx"}],
    "article-list": [{}],
    "searching": [{}],
    "values": [{"dimension": name} for name in ("authors", "tags", "series", "years")],
    "suggest": [{}],
    "author-list": [{}],
    "author-letter": [{"letter": "A"}, {"letter": "P"}],
    "tag-letter": [{"letter": "S"}, {"letter": "T"}],
    "series-list": [{}],
    "tag-list": [{}],
    "year": [{"year": "2020"}, {"year": "1871"}],
    "month": [{"year": "2020", "month": "03"}, {"year": "1871", "month": "02"}],
    "permanent": [{"key": "{key}"}, {"key": "pub11cxx"}],
    "attachment": [{"key": "{key}", "number": "1"}, {"key": "pub11cxx", "number": "1"}],
    "article-bib": [{"key": "{key}"}, {"key": "pub11cxx"}],
    "article-ris": [{"key": "{key}"}, {"key": "pub11cxx"}],
    "day": [
        {"year": "2020", "month": "03", "day": "01"},
        {"year": "1871", "month": "02", "day": "03"},
    ],
    "on-this-day": [{}],
    "day-of-year": [{"month": "03", "day": "01"}, {"month": "02", "day": "03"}],
    "random": [{}],
    # Only whoever signs can make a link that leads anywhere.
    "preview": [{"token": "{token}"}],
    "new": [{}],
    "reading-list": [{}],
    "reading-list-bib": [{}],
    "reading-list-ris": [{}],
    "article-day": [
        {"year": "2020", "month": "03", "day": "01", "slug": "public-thing"},
        {"year": "1871", "month": "02", "day": "03", "slug": "{slug}"},
    ],
    "article-month": [{"year": "1871", "month": "02", "slug": "{slug}"}],
    "article-year": [{"year": "1871", "slug": "{slug}"}],
    "author": [{"slug": "shared-author"}, {"slug": "{author}"}],
    "series": [{"slug": "shared-series"}, {"slug": "{series}"}],
    "tag": [{"slug": "shared"}, {"slug": "{tag}"}],
    "author-feed": [{"slug": "shared-author"}, {"slug": "{author}"}],
    "series-feed": [{"slug": "shared-series"}, {"slug": "{series}"}],
    "tag-feed": [{"slug": "shared"}, {"slug": "{tag}"}],
    # By what it holds, which only whoever has it knows.
    "picture": [{"name": "0" * 64 + ".png"}],
}
QUERIES = ["", "?page=1", "?q={token}", "?q=sealed", "?sort=oldest", "?year=1871", "?year=2020"]
QUERIES += ["?year=2020&month=3", "?tag={tag}", "?author={author}", "?series={series}"]
QUERIES += ["?tag=shared", "?author=shared-author&tag=shared", "?byline=with", "?after=0"]
QUERIES += ["?q=public", "?q=public&sort=newest", f"?before={2**50}"]
QUERIES += ["?sort=headline", "?sort=headline&view=dense&decade=2020", "?not_tag={tag}"]
QUERIES += ["?q=author:{author}", "?not_author={author}", "?language=en&body=with&since=1871"]


def patterns(found: Any = None, prefix: str = "") -> Iterator[URLPattern]:
    """Yield every public address pattern of the site."""
    for item in (found or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            if str(item.pattern) != "admin/":
                yield from patterns(item)
        else:
            yield item


def addresses(marks: dict[str, str]) -> list[str]:
    """Return addresses of all public views, those of hidden things included."""
    from django.urls import reverse

    found = []
    for pattern in patterns():
        assert pattern.name in CASES, f"{pattern.name}: a new address needs a case in CASES"
        for case in CASES[pattern.name]:
            filled = {name: value.format(**marks) for name, value in case.items()}
            address = reverse(pattern.name, kwargs=filled)
            queries = QUERIES if pattern.name in {"article-list", "home", "author"} else QUERIES[:4]
            if pattern.name.startswith("reading-list"):
                queries = [*queries, "?keys={key}", "?keys=pub11cxx,{key}"]
            if pattern.name == "values":
                queries = [*queries, "?find={token}", "?find=pub", "?tag={tag}&find={author}"]
            found += [
                address + query.format(**{name: quote(value) for name, value in marks.items()})
                for query in queries
            ]
    return found


def hide(state: str, number: int, shared: dict[str, Any]) -> dict[str, str]:
    """Make one article that is not public; return what is in it by name, all of it unique."""
    token = secrets.token_hex(12)
    author = make_author(f"Au{token}", bio=f"Bi{token}")
    tag, series = make_tag(f"ta{token}"), make_series(f"Se{token}")
    key = "".join(secrets.choice("23456789abcdefgh") for _ in range(8))
    fields: dict[str, Any] = {
        name: f"{name[:2]}{token}"
        for name in (
            "kicker", "subtitle", "standfirst", "byline", "part_label", "publication", "volume",
            "pages", "correction_note",
        )
    }  # fmt: skip
    fields |= {"body": f"<p>bo{token} sealed</p>", "source_url": f"https://x.test/{token}"}
    fields |= {"published_on": "1871-02-03", "slug": f"slug-{token}"}
    if state == "scheduled":
        fields |= {"visible_from": clock.now() + datetime.timedelta(days=1), "status": "published"}
    elif state == "withdrawn":
        fields |= {"status": "published"}
    else:
        fields |= {"status": state}
    article = make_article(
        f"Sealed {token}",
        authors=[shared["author"], author],
        tags=[shared["tag"], tag],
        series=[(shared["series"], number), series],
        key=key,
        translation_of=shared["article"].pk,
        **fields,
    )
    if state == "withdrawn":
        set_status([article.pk], Status.WITHDRAWN, actor=None, reason="A given reason.")
    return {
        "token": token, "slug": article.slug, "author": author.slug, "tag": tag.slug,
        "series": series.slug, "key": key,
    }  # fmt: skip


@pytest.fixture
def shared(db: None) -> dict[str, Any]:
    """One public article, with an author, a tag and a series that hidden ones share."""
    author, tag = make_author("Shared Author"), make_tag("Shared")
    series = make_series("Shared series")
    article = make_article(
        "Public thing", authors=[author], tags=[tag], series=[(series, 1)], key="pub11cxx"
    )
    return {"author": author, "tag": tag, "series": series, "article": article}


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_no_word_of_a_hidden_article_is_anywhere(
    client: Client, shared: dict[str, Any], state: str
) -> None:
    marks = hide(state, 2, shared)
    token = marks["token"].encode()
    for address in addresses(marks):
        for method in (client.get, client.head):
            response: Any = method(address)
            assert response.status_code < 500, address
            assert token not in echoless(response.getvalue(), address, token), address
            for name, value in response.items():
                assert marks["token"] not in told(name, value, address), (address, name)


def echoless(content: bytes, address: str, token: bytes) -> bytes:
    """Return a page without what it repeats of the reader's own search or filter."""
    if token not in address.encode():
        return content
    for before in (b"q=", b"\xe2\x80\x9c", b'value="', b"tag=ta", b"author=au", b"series=se"):
        content = content.replace(before + token, before)
    for name in (b"ta", b"au", b"se"):
        content = content.replace(b"<bdi>" + name + token + b"</bdi>", b"")
        content = content.replace(b'value="' + name + token + b'"', b"")
    return content


def told(name: str, value: str, address: str) -> str:
    """Return what a header tells: all of it, but for values in the query of a redirect which the
    reader typed themselves, in a query or after an operator (``author:…``)."""
    if name != "Location":
        return f"{name}: {value}"
    typed = {text for _name, text in parse_qsl(urlsplit(address).query)}
    typed |= {text.partition(":")[2] for text in typed}
    to = urlsplit(value)
    query = [(name, text) for name, text in parse_qsl(to.query) if text not in typed]
    return f"{name}: {to._replace(query=urlencode(query)).geturl()}"


def snapshot(client: Client, found: list[str]) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Return status, headers and body of each address."""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
    for address in found:
        response: HttpResponse = client.get(address)  # type: ignore[assignment]
        answers[address] = (response.status_code, dict(response.items()), response.getvalue())
    return answers


def test_hidden_articles_change_no_byte(
    client: Client, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = {
        "token": "0" * 24, "slug": "slug-none", "author": "au-none", "tag": "ta-none",
        "series": "se-none", "key": "99999999",
    }  # fmt: skip
    found = addresses(nothing)
    # What changed a moment ago has no Last-Modified yet: the clock's doing, not an article's.
    monkeypatch.setattr(caching, "UNSURE", datetime.timedelta(0))
    assert client.get("/articles/").has_header("Last-Modified")
    before = snapshot(client, found)
    for number in range(51):
        hide(("draft", "in_review", "scheduled")[number % 3], number + 2, shared)
    # Its address is spelled like that of the day whose page is looked at.
    make_article("Sealed day", slug="01", published_on="2020-03", status="draft")
    after = snapshot(client, found)
    for address, answer in before.items():
        assert after[address] == answer, address


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled"])
def test_hidden_and_never_there_are_one_answer(
    client: Client, shared: dict[str, Any], state: str
) -> None:
    marks = hide(state, 2, shared)
    article = Article.objects.get(slug=marks["slug"])
    for hidden, never in (
        (article.get_absolute_url(), "/articles/1871/02/03/none/"),
        (f"/articles/1871/02/{marks['slug']}/", "/articles/1871/02/none/"),
        (f"/articles/1871/{marks['slug']}/", "/articles/1871/none/"),
        ("/articles/1871/", "/articles/1872/"),
        ("/articles/1871/02/", "/articles/1871/03/"),
        (f"/a/{marks['key']}/", "/a/99999999/"),
        (f"/authors/{marks['author']}/", "/authors/none/"),
        (f"/tags/{marks['tag']}/", "/tags/none/"),
        (f"/series/{marks['series']}/", "/series/none/"),
    ):
        one, other = client.get(hidden), client.get(never)
        assert one.status_code == 404, hidden
        assert (one.content, dict(one.items())) == (other.content, dict(other.items())), hidden


def test_filters_by_hidden_names_are_as_by_none(client: Client, shared: dict[str, Any]) -> None:
    marks = hide("draft", 2, shared)
    for name in ("author", "tag", "series"):
        one = client.get("/articles/", {name: marks[name]}).content
        # As long, and in the same place of the alphabet.
        never = marks[name][:2] + "0" * (len(marks[name]) - 2)
        other = client.get("/articles/", {name: never}).content
        assert one.replace(marks[name].encode(), b"") == other.replace(never.encode(), b"")


def test_scheduled_articles_enter_everywhere_at_their_time(
    client: Client, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.writing import admission

    marks = hide("scheduled", 2, shared)
    article = Article.objects.get(slug=marks["slug"])
    due = article.visible_from
    assert due is not None
    address = article.get_absolute_url()
    for moment, is_public in (
        (due - datetime.timedelta(seconds=1), False),
        (due, True),
        (due + datetime.timedelta(seconds=1), True),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        admission.forget_memory()
        assert (client.get(address).status_code == 200) is is_public
        for page in ("/articles/", f"/articles/?q={marks['token']}", "/articles/1871/"):
            content = client.get(page).content
            assert (f"Sealed {marks['token']}".encode() in content.replace(b"<mark>", b"")
                    .replace(b"</mark>", b"")) is is_public, page  # fmt: skip
        for page in (f"/tags/{marks['tag']}/", f"/authors/{marks['author']}/"):
            assert (client.get(page).status_code == 200) is is_public
