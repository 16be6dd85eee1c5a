"""Merging authors, series and tags in the admin, taking it back, and the parts of a series."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.admin import paging
from articles.admin.series import part_rows
from articles.choices import OperationKind, Status
from articles.importing.lock import ADVISORY_KEY, import_lock
from articles.models import Article, Operation, Part, Series
from articles.models.series import missing_runs
from articles.writing import checking
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange, Credit
from articles.writing.name_merging import merge_named
from articles.writing.names import aliases_of, save_named
from authors.models import Author
from tests.admin.test_other_pages import KINDS, linked
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]

every_kind = pytest.mark.parametrize("where", KINDS)


def ask(client: Client, where: str, *rows: Any, searched: str = "", **fields: Any) -> Any:
    """Choose *rows* of a list, or of what was *searched* in it, and the action "Merge …"."""
    data = {"action": "merge", "_selected_action": [row.pk for row in rows], **fields}
    return client.post(f"/admin/{where}/" + (f"?q={searched}" if searched else ""), data)


def versions(*rows: Any) -> dict[str, int]:
    return {f"version-{row.pk}": row.version for row in rows}


@contextmanager
def lock_held_elsewhere() -> Iterator[None]:
    """Hold the import lock as another process would."""
    if connection.vendor != "postgresql":
        with import_lock():
            yield
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
        yield
    finally:
        other.close()


@every_kind
def test_a_merge_is_chosen_shown_done_and_taken_back(signed_in: SignedIn, where: str) -> None:
    model, _title, make, _blank = KINDS[where]
    client = signed_in("Editor")
    one, two = make("Mira Oldcastle"), make("Myra Oldcastle", aliases=["M. O."])
    article = linked(where, two)
    chosen = ask(client, where, one, two)
    assert chosen.templates[0].name == "admin/names/choose.html"
    shown = chosen.content.decode()
    assert article.headline in shown
    assert f'value="{two.pk}" checked' in shown, "the one with more articles is offered"
    assert "M. O." in shown
    preview = ask(client, where, one, two, survivor=one.pk)
    shown = preview.content.decode()
    assert preview.templates[0].name == "admin/names/merge.html"
    assert "<b>1</b> article moves to <bdi>Mira Oldcastle</bdi>" in shown
    assert "2 spellings lead on:" in shown
    assert "myra-oldcastle/</code>" in shown
    assert model.objects.count() == 2
    done = ask(
        client,
        where,
        one,
        two,
        survivor=one.pk,
        apply="1",
        reason="Same hand",
        **versions(one, two),
    )
    assert done.status_code == 302
    assert model.objects.get() == one
    assert aliases_of(one) == ["M. O.", "Myra Oldcastle"]
    operation = Operation.objects.get(kind=OperationKind.MERGE)
    assert (operation.reason, operation.actor) == ("Same hand", client.user)  # type: ignore[attr-defined]
    followed = client.get(done["Location"]).content.decode()
    url = f"/admin/{where}/{one.pk}/unmerge/{operation.pk}/"
    assert f'<a href="{url}">Take it back</a>' in followed
    history = client.get(f"/admin/{where}/{one.pk}/history/").content.decode()
    assert url in history
    assert "Myra Oldcastle" in history
    gone = client.get(f"/admin/{where}/{two.pk}/change/")
    assert (gone.status_code, gone["Location"]) == (302, f"/admin/{where}/{one.pk}/change/")
    asked = client.get(url).content.decode()
    assert "<bdi>Myra Oldcastle</bdi>" in asked
    assert "<b>1</b> article gets its place back" in asked
    assert model.objects.count() == 1
    back = client.post(url)
    assert back["Location"] == f"/admin/{where}/{one.pk}/history/"
    assert (
        "“Myra Oldcastle” is back, on 1 article." in client.get(back["Location"]).content.decode()
    )
    assert set(model.objects.all()) == {one, two}
    assert "taken back already" in client.get(url, follow=True).content.decode()
    assert not list(checking.check())


def test_several_are_said_to_be_back(signed_in: SignedIn) -> None:
    client, one = signed_in("Editor"), make_author("One")
    copies = [make_author("Two"), make_author("Three")]
    for copy in copies:
        make_article(authors=[copy])
    operation = merge_named(one, copies, actor=None)
    url = f"/admin/authors/author/{one.pk}/unmerge/{operation.pk}/"
    page = client.post(url, follow=True).content.decode()
    assert "“Two”, “Three” are back, on 2 articles." in page


@every_kind
@pytest.mark.parametrize("role", ["Contributor", "Importer", "Auditor"])
def test_who_may_not_change_may_not_merge(signed_in: SignedIn, where: str, role: str) -> None:
    model, _title, make, _blank = KINDS[where]
    one, two, three = make("One"), make("Two"), make("Three")
    operation = merge_named(one, [three], actor=None)
    one.refresh_from_db()
    client = signed_in(role)
    response = ask(client, where, one, two, survivor=one.pk, apply="1", **versions(one, two))
    assert "admin/names/" not in str([template.name for template in response.templates])
    assert model.objects.count() == 2
    url = f"/admin/{where}/{one.pk}/unmerge/{operation.pk}/"
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    assert "unmerge" not in client.get(f"/admin/{where}/{one.pk}/history/").content.decode()
    assert model.objects.count() == 2


@pytest.mark.parametrize("survivor", ["", "0", "-1", "x", "9" * 30, "1 OR 1=1", "3"])
def test_a_survivor_that_was_not_chosen_is_asked_for_again(
    signed_in: SignedIn, survivor: str
) -> None:
    one, two = make_author("One"), make_author("Two")
    make_author("Three")
    survivor = survivor.replace("3", str(Author.objects.get(name="Three").pk))
    response = ask(
        signed_in(), "authors/author", one, two, survivor=survivor, apply="1", **versions(one, two)
    )
    assert response.templates[0].name == "admin/names/choose.html"
    assert Author.objects.count() == 3


def test_too_many_are_not_merged(signed_in: SignedIn) -> None:
    client = signed_in()
    rows = [make_tag() for _ in range(21)]
    response = ask(client, "articles/tag", *rows, survivor=rows[0].pk, apply="1")
    assert response.status_code == 302
    assert "At most 20" in client.get(response["Location"]).content.decode()
    assert type(rows[0]).objects.count() == 21


@pytest.mark.parametrize("where", KINDS)
def test_the_other_half_is_searched_for(signed_in: SignedIn, where: str) -> None:
    model, _title, make, _blank = KINDS[where]
    client, one, two = signed_in(), make("Ostrany"), make("Quite another word")
    shown = ask(client, where, one)
    assert shown.templates[0].name == "admin/names/choose.html"
    assert 'name="other"' in shown.content.decode()
    # Alone it is not merged with itself.
    alone = ask(client, where, one, survivor=one.pk, apply="1", **versions(one))
    assert "Search for the one that is the same." in alone.content.decode()
    both = ask(client, where, one, other=two.pk, survivor=one.pk)
    assert both.templates[0].name == "admin/names/merge.html"
    for row in (one, two):
        assert f'name="_selected_action" value="{row.pk}"' in both.content.decode()
    for nobody in ("x", "9" * 30, two.pk + 1000, ""):
        again = ask(client, where, one, other=nobody, survivor=one.pk)
        assert again.templates[0].name == "admin/names/choose.html"
    # The list may have been searched: the other half need not stand in what was found.
    ask(client, where, one, two, searched="Ostrany", survivor=one.pk, apply="1",
        **versions(one, two))  # fmt: skip
    assert model.objects.get() == one


def test_who_saved_meanwhile_is_not_run_over(signed_in: SignedIn) -> None:
    client = signed_in()
    one, two = make_author("One"), make_author("Two")
    seen = versions(one, two)
    two.bio = "New."
    save_named(two, actor=None)
    for fields in (seen, {}, dict.fromkeys(seen, "x" * 40)):
        response = ask(client, "authors/author", one, two, survivor=one.pk, apply="1", **fields)
        told = client.get(response["Location"]).content.decode()
        assert "Nothing was merged. Someone else has saved" in told
    assert Author.objects.count() == 2


@pytest.mark.parametrize(
    ("where", "make", "kinds"),
    [
        ("authors/author", make_author, ("person", "organisation")),
        ("articles/tag", make_tag, ("topic", "place")),
        ("articles/series", make_series, ("serial", "column")),
    ],
)
def test_kinds_are_never_joined_and_the_page_leads_to_where_one_is_changed(
    signed_in: SignedIn, where: str, make: Any, kinds: tuple[str, str]
) -> None:
    client = signed_in()
    one, two = make("Ostrany", kind=kinds[0]), make("Ostrani", kind=kinds[1])
    shown = ask(client, where, one, two, survivor=one.pk)
    text = shown.content.decode()
    assert "differs in kind is never merged" in text
    assert 'name="apply"' not in text
    for row in (one, two):
        assert f'href="/admin/{where}/{row.pk}/change/"' in text
    fields = {"survivor": one.pk, "apply": "1", "across_kinds": "on"}
    again = ask(client, where, one, two, **fields, **versions(one, two))
    assert "Nothing was merged." in again.content.decode()
    assert type(one)._default_manager.count() == 2
    # That is the way.
    two.kind = kinds[0]
    save_named(two, actor=None)
    del fields["across_kinds"]
    ask(client, where, one, two, **fields, **versions(one, two))
    assert type(one)._default_manager.get() == one


def test_clashing_parts_are_named_on_the_page(signed_in: SignedIn) -> None:
    one, two = make_series("Bells"), make_series("The bells")
    make_article("Cast <b>in</b> tin", series=[(one, 2)])
    make_article("Cast in copper", series=[(two, 2)])
    text = ask(signed_in(), "articles/series", one, two, survivor=one.pk).content.decode()
    assert "Part 2 is “Cast &lt;b&gt;in&lt;/b&gt; tin” and “Cast in copper”." in text
    assert 'name="apply"' not in text


def test_nothing_is_merged_while_an_import_runs(signed_in: SignedIn) -> None:
    client = signed_in()
    one, two, three = make_author("One"), make_author("Two"), make_author("Three")
    operation = merge_named(one, [three], actor=None)
    one.refresh_from_db()
    url = f"/admin/authors/author/{one.pk}/unmerge/{operation.pk}/"
    fields = {"survivor": one.pk, "apply": "1", **versions(one, two)}
    with lock_held_elsewhere():
        response = ask(client, "authors/author", one, two, **fields)
        assert "An import is running." in response.content.decode()
        assert "An import is running." in client.post(url, follow=True).content.decode()
    assert Author.objects.count() == 2


def test_a_merge_into_something_else_is_not_taken_back_here(signed_in: SignedIn) -> None:
    client = signed_in()
    one, two, three = make_author("One"), make_author("Two"), make_author("Three")
    operation = merge_named(one, [three], actor=None)
    for pk, number in ((two.pk, operation.pk), (one.pk, 10**17), (one.pk, 0)):
        response = client.post(f"/admin/authors/author/{pk}/unmerge/{number}/")
        assert response.status_code in (302, 404)
    tag = make_tag()
    for path in (f"articles/tag/{tag.pk}", "authors/author/x", f"authors/author/{10**25}"):
        assert client.get(f"/admin/{path}/unmerge/{operation.pk}/").status_code in (302, 404)
    assert Author.objects.count() == 2


def test_what_is_kept_is_told_before_and_after(signed_in: SignedIn) -> None:
    client = signed_in()
    one, two = make_author("One"), make_author("Two")
    other = make_author("Other")
    article = make_article("Ropes", authors=[two])
    operation = merge_named(one, [two], actor=None)
    save_article(ArticleChange(article=article, credits=[Credit(other.pk)]), actor=None)
    url = f"/admin/authors/author/{one.pk}/unmerge/{operation.pk}/"
    assert "“Ropes” was edited since" in client.get(url).content.decode()
    assert "“Ropes” was edited since" in client.post(url, follow=True).content.decode()
    article.refresh_from_db()
    assert article.credit == "Other"


# The parts of a series


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], []), ([1, 2], []), ([2], [(1, 1)]), ([1, 4, None, 4, 6], [(2, 3), (5, 5)]), ([0], [])],
)
def test_missing_runs(numbers: list[int | None], runs: list[tuple[int, int]]) -> None:
    assert missing_runs(numbers) == runs


def bells() -> Series:
    """Return a serial with a first part that is implied, a gap, and a draft."""
    series = make_series("How bells are cast", kind="serial")
    make_article("How bells are cast", series=[(series, 1)], published_on="2020-01-01")
    make_article("Tin", series=[(series, 2)], part_label="Part 2", published_on="2020-01-02")
    make_article("Draft", series=[(series, 5)], part_label="Part 5", status="draft")
    make_article("Loose", series=[series], published_on="2020-01-04")
    return series


def test_the_page_of_a_serial_shows_gaps_and_implied_parts(signed_in: SignedIn) -> None:
    series = bells()
    rows = part_rows(series, User(is_superuser=True))
    assert [(row.number, list(row.notes)) for row in rows] == [
        ("1", ["Part 1 is implied: the article has no number printed."]),
        ("2", []),
        ("3–4", ["Parts 3 to 4 are missing."]),
        ("5", ["Readers do not see it: draft."]),
        ("", ["It has no number."]),
    ]
    page = signed_in().get(f"/admin/articles/series/{series.pk}/change/").content.decode()
    assert "4 parts; 2 are missing" in page
    article = Article.objects.get(headline="Tin")
    assert f'<a href="/admin/articles/article/{article.pk}/change/">Tin</a>' in page


def test_readers_are_told_of_what_is_missing_and_of_nothing_else(client: Client) -> None:
    series = bells()
    page = client.get(f"/series/{series.slug}/").content.decode()
    assert "Serial, 3 parts" in page
    assert "not in this archive" not in page, "a part that may follow is not invented"
    set_status([Article.objects.get(headline="Draft").pk], "published", actor=None)  # type: ignore[arg-type]
    page = client.get(f"/series/{series.slug}/").content.decode()
    assert "Parts 3 to 4 are not in this archive." in page
    assert "Serial, 4 parts" in page
    gone = Article.objects.get(headline="Tin")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="It was false")
    page = client.get(f"/series/{series.slug}/").content.decode()
    assert "Parts 2 to 4 are not in this archive." in page
    assert "Tin" not in page
    assert "Serial, 3 parts" in page


def test_a_column_and_a_new_series_have_no_list_of_parts(signed_in: SignedIn) -> None:
    client = signed_in()
    column = make_series("Letters", kind="column")
    make_article(series=[column])
    page = client.get(f"/admin/articles/series/{column.pk}/change/").content.decode()
    assert "1 article</a>" in page
    assert "implied" not in page
    assert client.get(reverse("admin:articles_series_add")).status_code == 200


def test_a_long_serial_is_cut_and_says_so(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr("articles.admin.series.MOST_PARTS", 2)
    series = bells()
    page = signed_in().get(f"/admin/articles/series/{series.pk}/change/").content.decode()
    assert "and 2 more" in page
    assert Part.objects.count() == 4


def test_very_many_are_not_ordered_by_their_articles(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("Editor")
    make_article(authors=[make_author("Zoe Last")])
    make_author("Ada First")

    columns = client.get("/admin/authors/author/").context["cl"].list_display
    column = columns.index("articles_shown")

    def listed() -> list[str]:
        response = client.get("/admin/authors/author/", {"o": f"-{column}"})
        return [str(row) for row in response.context["cl"].result_list]

    assert listed() == ["Zoe Last", "Ada First"]
    monkeypatch.setattr(paging, "COUNTED", 1)
    assert listed() == ["Ada First", "Zoe Last"]
