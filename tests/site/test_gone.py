"""What readers saw and see no more: the addresses of lists and files say so, and name nothing."""

import datetime
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from articles import clock
from articles.choices import Status
from articles.models import (
    Article,
    Attachment,
    FacetTotal,
    GoneAddress,
    SearchDocument,
    Series,
    Tag,
)
from articles.redacting.redact import Wanted, redact
from articles.writing import versions
from articles.writing.articles import save_article, set_status
from articles.writing.attachments import attach, detach
from articles.writing.bulk_changes import Act, begin_undo, begin_work, carry_on
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.checking import check
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import delete_named, save_named
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

LISTS = (
    "/articles/1871/", "/articles/1871/02/", "/articles/1871/02/03/", "/authors/ada-moss/",
    "/authors/ada-moss/feed.atom", "/tags/sea/", "/tags/sea/feed.atom", "/series/tides/",
    "/series/tides/feed.atom",
)  # fmt: skip


def make(status: str = "published", published_on: str = "1871-02-03") -> Article:
    return make_article(
        "Bell", published_on=published_on, status=status, authors=[make_author("Ada Moss")],
        tags=["Sea"], series=[Series.objects.filter(slug="tides").first() or make_series("Tides")],
    )  # fmt: skip


def withdraw(*articles: Article) -> None:
    set_status([one.pk for one in articles], Status.WITHDRAWN, actor=None, reason="Wrong.")


def test_a_list_that_lost_its_last_article_is_gone(client: Client) -> None:
    article = make()
    for address in LISTS:
        assert client.get(address).status_code == 200, address
    withdraw(article)
    for address in LISTS:
        response = client.get(address)
        assert response.status_code == 410, address
        text = text_of(response)
        assert "no longer shown" in text
        for word in ("Ada Moss", "Bell", "Sea<", "Tides"):
            assert word not in text, address
    for address in ("/articles/1872/", "/articles/1871/03/", "/articles/1871/02/04/",
                    "/authors/ben/", "/tags/ada-moss/", "/articles/1871/02/31/"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_one_that_keeps_an_article_is_shown_without_the_other(client: Client) -> None:
    article = make()
    make_article("Still here", published_on="1871-02-05")
    withdraw(article)
    assert client.get("/articles/1871/02/").status_code == 200
    assert client.get("/articles/1871/02/03/").status_code == 410


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_was_never_public_is_not_gone(client: Client, status: str) -> None:
    withdraw(make(status))
    for address in LISTS:
        assert client.get(address).status_code == 404, address


def test_a_month_is_not_gone_for_a_year(client: Client) -> None:
    withdraw(make(published_on="1871"))
    assert client.get("/articles/1871/").status_code == 410
    assert client.get("/articles/1871/01/").status_code == 404
    assert client.get("/articles/1871/01/01/").status_code == 404


def change(article: Article, **lists: Any) -> None:
    """Change a withdrawn article: fields, or the ids of its lists."""
    names = {"tags", "credits", "parts"}
    fields = {name: value for name, value in lists.items() if name not in names}
    given = {name: value for name, value in lists.items() if name in names}
    save_article(
        ArticleChange(article=Article.objects.get(pk=article.pk), fields=fields, **given),
        actor=None,
    )


def answers(client: Client, addresses: Iterable[str]) -> set[int]:
    responses = [client.get(address) for address in addresses]
    for response in responses:
        if response.streaming:
            b"".join(response)  # and the file is closed
    return {response.status_code for response in responses}


def test_what_a_withdrawn_article_is_given_was_never_public(client: Client) -> None:
    article = make()
    withdraw(article)
    ben, secret, tales = make_author("Ben Reed"), make_tag("Secret"), make_series("Tales")
    given = (
        "/articles/1999/", "/articles/1999/05/", "/articles/1999/05/06/", "/authors/ben-reed/",
        "/tags/secret/", "/tags/secret/feed.atom", "/series/tales/",
    )  # fmt: skip
    before = {address: client.get(address).content for address in given}
    for lists in (
        {
            "published_on": "1999-05-06",
            "tags": [secret.pk],
            "credits": [Credit(ben.pk)],
            "parts": [Place(tales.pk)],
        },
        {"kicker": "Another field"},
        {"published_on": "2001", "tags": [], "credits": [], "parts": []},
    ):
        change(article, **lists)
        assert answers(client, given) == {404}
        assert {address: client.get(address).content for address in given} == before
        # What it had, readers did see.
        assert answers(client, LISTS) == {410}
    assert client.get("/articles/2001/").status_code == 404


def test_what_is_given_in_the_act_of_withdrawing_was_never_public(client: Client) -> None:
    article = make()
    secret = make_tag("Secret")
    fields = {"status": "withdrawn", "withdrawn_reason": "Wrong.", "published_on": "1999"}
    change(article, tags=[secret.pk], **fields)
    assert answers(client, ["/tags/secret/", "/articles/1999/"]) == {404}
    assert answers(client, LISTS) == {410}


def test_what_is_taken_off_and_given_back_is_still_gone(client: Client) -> None:
    article = make()
    withdraw(article)
    tag = article.tagged_articles.get().tag
    change(article, tags=[])
    change(article, tags=[tag.pk])
    assert client.get("/tags/sea/").status_code == 410


def test_an_article_that_is_shown_again_counts_anew(client: Client) -> None:
    article = make()
    withdraw(article)
    secret = make_tag("Secret")
    change(article, tags=[secret.pk])
    set_status([article.pk], Status.PUBLISHED, actor=None)
    assert client.get("/tags/secret/").status_code == 200
    withdraw(article)
    assert client.get("/tags/secret/").status_code == 410


def test_a_merge_of_names_does_not_make_what_is_gone_unknown(client: Client) -> None:
    article = make()
    withdraw(article)
    operation = merge_named(
        make_author("Ada M. Moss"), [article.contributions.get().author], actor=None
    )
    assert client.get("/authors/ada-moss/").status_code == 410
    # Nobody ever saw anything there.
    assert client.get("/authors/ada-m-moss/").status_code == 404
    unmerge(operation, actor=None)
    assert client.get("/authors/ada-moss/").status_code == 410


def test_a_former_name_of_what_is_gone_is_gone(client: Client) -> None:
    article = make()
    author = article.contributions.get().author
    author.slug = "a-moss"
    save_named(author, actor=None)
    assert client.get("/authors/ada-moss/")["Location"] == "/authors/a-moss/"
    withdraw(article)
    for address in ("/authors/ada-moss/", "/authors/a-moss/", "/authors/A-Moss/"):
        assert client.get(address).status_code == 410, address


# What leaves a list while readers see it


def undone(article: Article, act: Act) -> None:
    work = begin_work(act, [(article.pk, article.version)], actor=None)
    work = carry_on(work.pk, lambda _article: True, may_reach=lambda _article, _status: True)
    assert work.changed == 1
    undo = begin_undo(work.operation, actor=None)
    carry_on(undo.pk, lambda _article: True, may_reach=lambda _article, _status: True)


def retag(article: Article) -> None:
    change(article, tags=[], credits=[], parts=[], published_on="1999-05-06")


def restore_what_it_had_before(article: Article) -> None:
    """An article that was given all of it after it was published loses it by a restore."""
    now = versions.values_now(article)
    first = versions.values_of_version("article", article, now, 1)
    versions.restore(article, first, actor=None, expected_version=article.version)


@pytest.mark.parametrize("lose", [retag, restore_what_it_had_before])
def test_a_list_that_an_article_leaves_while_it_is_public_is_gone(
    client: Client, lose: Callable[[Article], None]
) -> None:
    article = make_article("Bell", published_on="1999-05-06")
    had = make()
    change(
        article,
        published_on="1871-02-03",
        tags=[had.tagged_articles.get().tag_id],
        credits=[Credit(had.contributions.get().author_id)],
        parts=[Place(had.parts.get().series_id)],
    )
    retag(had)
    assert answers(client, LISTS) == {200}
    article.refresh_from_db()
    lose(article)
    assert answers(client, LISTS) == {410}
    # What takes their place is shown.
    make_article("Tide", published_on="1871-02-03", authors=["Ada Moss"], tags=["Sea"])
    assert answers(client, LISTS[:7]) == {200}


def test_what_a_bulk_change_gave_and_its_undo_took_was_public(client: Client) -> None:
    article = make_article("Bell")
    undone(article, Act("add", ("tags",), one=make_tag("Sea").pk))
    assert client.get("/tags/sea/").status_code == 410


def test_a_name_that_lost_its_articles_and_was_deleted_is_gone(client: Client) -> None:
    article = make()
    author = article.contributions.get().author
    tag, series = article.tagged_articles.get().tag, article.parts.get().series
    tag.slug = "ocean"
    save_named(tag, actor=None)
    retag(article)
    delete_named(author, actor=None)
    delete_named(tag, actor=None)
    delete_named(series, actor=None)
    named = [address for address in LISTS if "articles" not in address]
    assert answers(client, [*named, "/tags/ocean/", "/tags/ocean/feed.atom"]) == {410}


def test_an_address_that_another_row_takes_from_a_redirect_is_not_unknown(client: Client) -> None:
    article = make()
    for row in (article.tagged_articles.get().tag, article.contributions.get().author):
        former = row.slug
        row.slug = f"{former}-2"
        save_named(row, actor=None)
        kind = type(row)
        save_named(kind(name="Another", slug=former), actor=None)
    assert answers(client, ["/tags/sea/", "/authors/ada-moss/"]) == {410}


def test_a_merge_that_is_taken_back_leaves_no_address_unknown(client: Client) -> None:
    article = make()
    sea, ocean = article.tagged_articles.get().tag, make_tag("Ocean")
    operation = merge_named(ocean, [sea], actor=None)
    assert client.get("/tags/sea/")["Location"] == "/tags/ocean/"
    change(article, tags=[])
    unmerge(operation, actor=None)
    assert answers(client, ["/tags/sea/", "/tags/ocean/"]) == {410}


def test_what_became_public_by_the_clock_counts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.datetime(2021, 5, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    due = now + datetime.timedelta(days=1)
    article = make_article(
        "Bell", published_on="1871-02-03", tags=["Sea"], visible_from=due.isoformat()
    )
    early = make_article(
        "Tide", published_on="1871-03-04", tags=["Gulls"], visible_from=due.isoformat()
    )
    change(early, tags=[])
    assert answers(client, ["/tags/sea/", "/tags/gulls/", "/articles/1871/02/"]) == {404}
    monkeypatch.setattr(clock, "now", lambda: due)
    assert client.get("/tags/sea/").status_code == 200
    change(article, tags=[], published_on="1999")
    assert answers(client, ["/tags/sea/", "/articles/1871/02/03/"]) == {410}
    assert client.get("/tags/gulls/").status_code == 404


def test_an_article_of_a_month_was_on_no_day(client: Client) -> None:
    article = make(published_on="1871-02")
    retag(article)
    assert client.get("/articles/1871/02/").status_code == 410
    assert client.get("/articles/1871/02/01/").status_code == 404
    # The same day in the index, and another list.
    other = make_article("Tide", published_on="1872-05-01")
    change(other, published_on="1872-05")
    assert client.get("/articles/1872/05/01/").status_code == 410
    assert client.get("/articles/1872/05/").status_code == 200


def test_what_comes_here_withdrawn_was_public_where_it_was(client: Client) -> None:
    make_article(
        "Bell", published_on="1871-02-03", status="withdrawn", withdrawn_reason="Wrong.",
        visible_from="1990-01-01T00:00:00Z", authors=["Ada Moss"], tags=["Sea"],
        series=[make_series("Tides")],
    )  # fmt: skip
    assert answers(client, LISTS) == {410}


def test_a_removed_name_is_in_no_noted_address(client: Client) -> None:
    article = make()
    retag(article)
    assert GoneAddress.objects.filter(path="authors/ada-moss/").exists()
    redact(Wanted("Order of the court of Ostrany", words=("Ada Moss",)), actor=None)
    assert not GoneAddress.objects.filter(path__contains="moss").exists()
    assert client.get("/authors/ada-moss/").status_code == 410


PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def test_a_file_that_readers_could_fetch_is_gone(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    article, draft = make(), make_article("Draft", status="draft")
    files = [attach(one, PDF, actor=None) for one in (article, draft)]
    assert all(files)
    public, hidden = (
        f"/a/{file.article.public_key.key}/files/{file.pk}/" for file in files if file
    )
    assert answers(client, [public]) == {200}
    withdraw(article)
    late = attach(article, PDF.replace(b"1.7", b"1.6"), actor=None)
    assert late
    never = public.replace(f"/{files[0].pk if files[0] else 0}/", f"/{late.pk}/")
    assert answers(client, [public]) == {410}
    assert answers(client, [hidden, never]) == {404}
    set_status([article.pk], Status.PUBLISHED, actor=None)
    assert answers(client, [public, never]) == {200}
    for row in Attachment.objects.all():
        detach(row.pk, actor=None)
    assert answers(client, [public, never]) == {410}
    assert client.get(hidden).status_code == 404


def test_the_archive_as_it_is_tells_what_was_public(client: Client) -> None:
    """What the migration finds is what would have been noted from the beginning."""
    migration = import_module("articles.migrations.0015_gone_addresses")
    first, second = make(), make(published_on="1871-02")
    tide = make_article("Tide", published_on="1900", tags=["Foam"], status="draft")
    change(second, tags=[make_tag("Wave").pk], published_on="1872-01-05")
    change(first, tags=[make_tag("Gulls").pk], published_on="1873-06")
    change(first, tags=[], parts=[])
    withdraw(second, tide)
    change(second, tags=[make_tag("Secret").pk], published_on="1999")
    delete_named(Tag.objects.get(slug="gulls"), actor=None)
    make_article(
        "Bell", published_on="1850-02-03", status="withdrawn", withdrawn_reason="Wrong.",
        visible_from="1990-01-01T00:00:00Z", tags=["Foghorn"],
    )  # fmt: skip
    noted = set(GoneAddress.objects.values_list("path", flat=True))
    assert {"tags/gulls/", "tags/wave/", "tags/foghorn/", "articles/1871/02/03/"} <= noted
    GoneAddress.objects.all().delete()
    migration.note_addresses(apps, SimpleNamespace(connection=connection))
    assert set(GoneAddress.objects.values_list("path", flat=True)) == noted


def test_the_documents_of_months_are_told_apart_by_the_migration() -> None:
    migration = import_module("articles.migrations.0015_gone_addresses")
    make(published_on="1871-02")
    make(published_on="1871-02-01")
    facets = dict(SearchDocument.objects.values_list("pk", "facets"))
    editor = SimpleNamespace(connection=connection)
    migration.unmark_months(apps, editor)
    assert not SearchDocument.objects.filter(facets__contains="d0").exists()
    assert not FacetTotal.objects.filter(term="d0").exists()
    migration.mark_months(apps, editor)
    migration.mark_months(apps, editor)
    assert dict(SearchDocument.objects.values_list("pk", "facets")) == facets
    assert list(check()) == []
