"""Beside the form: source panel, history, actions, deleting, the link to the public page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.choices import OperationKind, Status
from articles.models import Article, ImportRun, Source, SourceEntry, SourceListing
from articles.search.base import search
from articles.writing import operations
from articles.writing.articles import save_article, write_articles
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST, change_url, delete, form_of
from tests.factories import make_article, make_author, make_series

SignedIn = Callable[..., Client]

TEXT = "Leaders of the Revolution\n\nIvar Smilga\n\nBy Clara Weiss, 9 February 2021\n\nHis life."


def imported(text: str = TEXT, **values: Any) -> tuple[Article, SourceEntry]:
    """Return an article as an import leaves it, with its entry."""
    source, _ = Source.objects.get_or_create(name="Topic", key="topic")
    moment = make_article().created
    listing = SourceListing.objects.create(
        source=source, sha256=str(SourceListing.objects.count()), file_name="topic.txt", size=1,
        encoding="utf-8", input_format="text", unclaimed_lines=[99],
    )  # fmt: skip
    run = ImportRun.objects.create(
        source=source, listing=listing, file_name="topic.txt", started=moment, finished=moment,
        totals={"entries": 1, "create": 1, "public": 1},
    )  # fmt: skip
    values = {
        "kicker": "Leaders of the Revolution", "headline": "Ivar Smilga",
        "byline": "By Clara Weiss", "authors": [{"name": "Clara Weiss", "kind": "person"}],
        "published_on": "2021-02-09", "standfirst": "His life.",
    } | values  # fmt: skip
    entry = SourceEntry.objects.create(
        listing=listing, run=run, ordinal=0, first_line=11, last_line=17, text=text,
        values=values, fingerprint="f", change="CREATE",
    )  # fmt: skip
    operation = operations.begin(OperationKind.IMPORT, import_run=run)
    fields = {
        name: values[name]
        for name in ("kicker", "headline", "byline", "published_on", "standfirst")
    }
    [article] = write_articles(
        [ArticleChange(fields=fields | {"status": "published"}, from_source=True)], operation
    )
    entry.article = article
    entry.save()
    return article, entry


def page(client: Client, url: str, **query: Any) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_panel_shows_the_lines_and_where_values_come_from(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, entry = imported()
    client.post(change_url(article), form_of(article, standfirst="His long life."))
    shown = page(client, change_url(article))
    assert "topic.txt" in shown
    assert f"/admin/articles/importrun/{entry.run_id}/change/" in shown
    assert '<span class="number">11</span><span class="line" dir="auto">Leaders' in shown
    assert '<span class="number">15</span><span class="line" dir="auto">By Clara' in shown
    assert "from source lines 11–17" in shown
    assert "edited by editor on" in shown
    assert "His life.</q>" in shown


def test_an_unchanged_entry_shows_the_text_of_the_one_before(signed_in: SignedIn) -> None:
    article, entry = imported()
    for place in (1, 2):
        entry = SourceEntry.objects.create(
            listing=entry.listing, run=entry.run, article=article, ordinal=place,
            first_line=20 * place, last_line=20 * place + 6, fingerprint="f",
            change="UNCHANGED", unchanged_from=entry,
        )  # fmt: skip
    shown = page(signed_in("Editor"), change_url(article))
    assert '<span class="number">40</span><span class="line" dir="auto">Leaders' in shown
    assert "from source lines 40–46" in shown


def test_by_hand_is_said_so(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("By hand", actor=client.user)  # type: ignore[attr-defined]
    shown = page(client, change_url(article))
    assert "entered by hand" in shown
    assert "entered by editor on" in shown


def test_the_panel_shows_text_as_text(signed_in: SignedIn) -> None:
    hostile = "<script>alert(1)</script>"
    article, entry = imported(
        hostile, headline=hostile, kicker=hostile, byline=hostile, standfirst=hostile
    )
    SourceListing.objects.update(file_name=hostile, topic=hostile)
    ImportRun.objects.update(file_name=hostile, options={"status": hostile})
    make_author(hostile)
    make_series(hostile)
    client = signed_in("superuser")
    for url in (
        LIST, change_url(article), f"{LIST}{article.pk}/history/", f"{LIST}{article.pk}/delete/",
        "/admin/articles/importrun/", f"/admin/articles/importrun/{entry.run_id}/change/",
        "/admin/articles/sourcelisting/", "/admin/articles/operation/", "/admin/authors/author/",
        "/admin/articles/series/",
    ):  # fmt: skip
        response = client.get(url, follow=True)
        assert b"<script>alert" not in response.content, url


def test_history_names_everything(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    author, serial = make_author("A One"), make_series("Smilga series")
    article, entry = imported()
    client.post(
        change_url(article),
        form_of(
            article, headline="Ivar Tenisovich", status="withdrawn", withdrawn_reason="Doubtful",
            credits=[{"author": author.pk, "role": "trl"}],
            parts=[{"series": serial.pk, "part_number": 3}],
        ),
    )  # fmt: skip
    shown = page(client, f"{LIST}{article.pk}/history/")
    for text in (
        "editor</h3>", "Ivar <del>Smilga</del>", "Ivar <ins>Tenisovich</ins>",
        "A One (translator)", "Smilga series (3)", ">withdrawn</ins>", "Doubtful",
        "command line</h3>", f"run {entry.run_id}", "Entered from lines 11–17 of topic.txt.",
    ):  # fmt: skip
        assert text in shown, text
    assert shown.index("Tenisovich") < shown.index("Entered from")


def test_history_goes_page_by_page(signed_in: SignedIn) -> None:
    article = make_article("Version 0")
    for number in range(1, 40):
        save_article(
            ArticleChange(article=article, fields={"headline": f"Version {number}"}), actor=None
        )
    client = signed_in("Editor")
    url = f"{LIST}{article.pk}/history/"
    assert "Version <ins>39</ins>" in page(client, url)
    assert "Version <ins>3</ins>" in page(client, url, p=2)
    for odd in ("x", "-1", "9" * 30, "1" * 5000):
        page(client, url, p=odd)


def act(client: Client, action: str, *articles: Article, **more: Any) -> Any:
    data = {"action": action, "_selected_action": [article.pk for article in articles]}
    return client.post(LIST, data | more, follow=True)


def test_publish_and_withdraw_go_through_the_writer(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    drafts = [make_article(f"Draft {n}", status="draft") for n in range(2)]
    assert b"2 articles are published" in act(client, "publish", *drafts).content
    assert search(Article.objects.published(), "draft").count() == 2
    asked = act(client, "withdraw", *drafts)
    assert b"Reason" in asked.content
    assert Article.objects.filter(status=Status.PUBLISHED).count() == 2
    empty = act(client, "withdraw", *drafts, apply="1", reason=" ")
    assert b"This field is required" in empty.content
    done = act(client, "withdraw", *drafts, apply="1", reason="Printed by mistake")
    assert b"2 articles are withdrawn" in done.content
    assert {article.withdrawn_reason for article in Article.objects.all()} == {"Printed by mistake"}
    assert search(Article.objects.published(), "draft").count() == 0


def test_publishing_without_a_date_publishes_nothing(signed_in: SignedIn) -> None:
    good = make_article("Good", status="draft")
    bad = make_article("Bad", status="draft", published_on=None)
    shown = act(signed_in("Editor"), "publish", good, bad).content.decode()
    assert "Nothing was published" in shown
    assert "“Bad” has no date" in shown
    assert not Article.objects.filter(status=Status.PUBLISHED).exists()


def test_an_action_reaches_only_what_is_listed(signed_in: SignedIn) -> None:
    listed = make_article("Listed", status="draft", byline="By A")
    make_article("Not listed", status="draft")
    signed_in("Editor").post(
        f"{LIST}?byline=1",
        {"action": "publish", "_selected_action": listed.pk, "select_across": "1"},
    )
    assert list(Article.objects.published()) == [listed]


def test_only_what_was_never_public_is_deleted(signed_in: SignedIn) -> None:
    client = signed_in("Chief editor")
    draft, public = make_article("Draft", status="draft"), make_article("Public")
    shown = act(client, "delete", draft, public, apply="1").content.decode()
    assert "Readers have seen “Public”" in shown
    assert Article.objects.count() == 2
    assert b"One article that was never public" in act(client, "delete", draft).content
    assert Article.objects.count() == 2
    act(client, "delete", draft, apply="1")
    assert list(Article.objects.all()) == [public]
    answer = client.post(f"{LIST}{public.pk}/delete/", {"post": "yes"}, follow=True)
    assert b"it can be withdrawn, not deleted" in answer.content
    assert b'class="deletelink"' not in client.get(change_url(public)).content
    other = make_article("Other", status="draft")
    assert b'class="deletelink"' in client.get(change_url(other)).content
    delete(client, f"{LIST}{other.pk}/delete/")
    assert list(Article.objects.all()) == [public]
    gone = page(client, "/admin/articles/operation/")
    assert "chief-editor" in gone


@pytest.mark.parametrize(
    ("fields", "is_linked"),
    [
        ({}, True),
        ({"status": "draft"}, False),
        ({"visible_from": "2999-01-01T00:00:00Z"}, False),
        ({"status": "in_review"}, False),
    ],
)
def test_view_on_site_only_where_readers_find_it(
    signed_in: SignedIn, fields: dict[str, str], is_linked: bool
) -> None:
    article = make_article("One", **fields)
    shown = page(signed_in("Editor"), change_url(article))
    assert (f'href="{article.get_absolute_url()}"' in shown) == is_linked


def test_pages_of_what_does_not_exist_lead_home(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    for pk in ("0", "99999", "x", "9" * 30):
        for name in ("change", "history", "delete"):
            response = client.get(f"{LIST}{pk}/{name}/")
            assert response.status_code in {302, 403, 404}, (pk, name)


@pytest.mark.parametrize("action", ["publish", "withdraw", "delete"])
def test_an_action_on_what_was_saved_since_is_refused(signed_in: SignedIn, action: str) -> None:
    status = "published" if action == "withdraw" else "draft"
    articles = [make_article(f"Article {n}", status=status) for n in range(2)]
    client = signed_in("superuser")
    shown = page(client, LIST)
    seen = {f"seen-{article.pk}": article.version for article in articles}
    for name, version in seen.items():
        assert f'name="{name}" value="{version}"' in shown
    save_article(ArticleChange(article=articles[1], fields={"kicker": "Theirs"}), actor=None)
    more: dict[str, Any] = {"apply": "1", "reason": "x", **seen}
    if action != "publish":
        asked = act(client, action, *articles, **seen).content.decode()
        assert f'name="seen-{articles[1].pk}" value="1"' in asked
    said = act(client, action, *articles, **more).content.decode()
    assert "Somebody saved “Article 1” since you opened the list" in said
    assert set(Article.objects.values_list("status", flat=True)) == {status}
    assert Article.objects.count() == 2
    fresh = {f"seen-{articles[0].pk}": 1, f"seen-{articles[1].pk}": 2}
    act(client, action, *articles, **(more | fresh))
    assert not Article.objects.filter(status=status).exists()
