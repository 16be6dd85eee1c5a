"""The article's form: every save is one change by the writer, or nothing."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client

from articles.choices import Status
from articles.models import Article, FieldChange, Operation
from articles.search.base import search
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.posting import ADD, LIST, change_url, delete, errors_of, form_of
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]


def changed_fields(article: Article) -> set[str]:
    operation = Operation.objects.order_by("-id")[0]
    rows = FieldChange.objects.filter(operation=operation, subject_id=article.pk)
    return set(rows.values_list("field", flat=True))


def test_a_new_article_is_written_whole_by_one_operation(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    weiss, talbot = make_author("Clara Weiss"), make_author("Ann Talbot")
    serial, tag = make_series("Smilga"), make_tag("Left Opposition")
    before = Operation.objects.count()
    data = form_of(
        headline="  A new\tarticle ",
        published_on="2021-02",
        status="published",
        body="<p onclick=x>Text</p>",
        tags=[tag.pk],
        credits=[
            {"author": talbot.pk, "role": "trl", "position": 2},
            {"author": weiss.pk, "role": "aut", "position": 1},
        ],
        parts=[{"series": serial.pk, "part_number": 2}],
    )
    response = client.post(ADD, data)
    assert response.status_code == 302, errors_of(response)
    article = Article.objects.get()
    assert Operation.objects.count() == before + 1
    assert Operation.objects.order_by("-id")[0].actor == client.user  # type: ignore[attr-defined]
    assert article.headline == "A new article"
    assert (str(article.published_on), article.date_precision) == ("2021-02-01", "month")
    assert article.body == "<p>Text</p>"
    assert article.owner == client.user  # type: ignore[attr-defined]
    assert [row.author for row in article.contributions.all()] == [weiss, talbot]
    assert article.credit == "Clara Weiss"
    assert article.parts.get().part_number == 2
    assert article.tagged_articles.get().tag == tag
    assert search(Article.objects.published(), "smilga").count() == 1


def test_a_save_writes_what_differs_and_the_search_finds_it(signed_in: SignedIn) -> None:
    article = make_article("Old headline", authors=["Clara Weiss"], tags=["Russia"])
    client = signed_in("Editor")
    response = client.post(change_url(article), form_of(article, headline="Newer headline"))
    assert response.status_code == 302, errors_of(response)
    article.refresh_from_db()
    assert article.version == 2
    assert changed_fields(article) == {"headline"}
    assert search(Article.objects.published(), "newer").count() == 1
    assert search(Article.objects.published(), "old").count() == 0


def test_a_save_without_a_change_moves_nothing(signed_in: SignedIn) -> None:
    article = make_article(
        "Same", authors=["Clara Weiss"], tags=["Russia"], standfirst="One\n\nTwo", kicker="K"
    )
    data = form_of(article, standfirst="One\r\n\r\nTwo")
    before = Operation.objects.count(), FieldChange.objects.count()
    assert signed_in("Editor").post(change_url(article), data).status_code == 302
    article.refresh_from_db()
    assert article.version == 1
    assert (Operation.objects.count(), FieldChange.objects.count()) == before


def test_credits_tags_and_parts_are_replaced_as_lists(signed_in: SignedIn) -> None:
    article = make_article(authors=["A One", "B Two"], tags=["X"], series=[make_series("S")])
    other, tag = make_author("C Three"), make_tag("Y")
    data = form_of(article, credits=[{"author": other.pk, "role": "aut"}], parts=[], tags=[tag.pk])
    response = signed_in("Editor").post(change_url(article), data)
    assert response.status_code == 302, errors_of(response)
    article.refresh_from_db()
    assert article.credit == "C Three"
    assert not article.parts.exists()
    assert article.tagged_articles.get().tag == tag
    assert changed_fields(article) == {"credits", "tags", "parts"}


def test_a_stale_form_is_shown_again_with_what_was_typed(signed_in: SignedIn) -> None:
    article = make_article("First", authors=["A One"])
    client = signed_in("Editor")
    typed = form_of(article, standfirst="What I typed")
    other = make_author("B Two")
    save_article(
        ArticleChange(article=article, fields={"headline": "Theirs"}),
        actor=client.user,  # type: ignore[attr-defined]
    )
    typed |= form_of(
        article,
        standfirst="What I typed",
        headline="First",
        credits=[{"author": other.pk, "role": "aut"}],
    )
    response = client.post(change_url(article), typed)
    assert response.status_code == 200
    assert "editor saved this at" in errors_of(response)
    assert "headline" in errors_of(response)
    page = response.content.decode()
    assert "What I typed" in page
    assert f'<option value="{other.pk}" selected>B Two</option>' in page
    article.refresh_from_db()
    assert (article.headline, article.standfirst, article.version) == ("Theirs", "", 2)
    # Saving again is then a choice: it stands on the version that the message told of.
    assert '<input type="hidden" name="version" value="2"' in page
    assert client.post(change_url(article), typed | {"version": 2}).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.standfirst, article.credit) == (
        "First", "What I typed", "B Two",
    )  # fmt: skip


def test_an_edit_of_the_same_credits_meanwhile_is_stale_not_a_broken_row(
    signed_in: SignedIn,
) -> None:
    article = make_article(authors=["A One"])
    client = signed_in("Editor")
    typed = form_of(article)
    from articles.writing.changes import Credit

    save_article(
        ArticleChange(article=article, credits=[Credit(make_author("B Two").pk)]), actor=None
    )
    response = client.post(change_url(article), typed)
    assert "command line saved this" in errors_of(response)


def test_a_form_without_version_is_refused(signed_in: SignedIn) -> None:
    article = make_article("First")
    data = form_of(article, headline="Second")
    del data["version"]
    assert signed_in("Editor").post(change_url(article), data).status_code == 200
    article.refresh_from_db()
    assert article.headline == "First"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"published_on": "9 February 2021"}, "YYYY"),
        ({"published_on": "2021-02-30"}, "YYYY"),
        ({"published_on": ""}, "needs a date"),
        ({"headline": " \x0b "}, "required"),
        ({"headline": ""}, "required"),
        ({"source_url": "javascript:alert(1)"}, "http"),
        ({"language": "<b>"}, "language code"),
        ({"slug": "a/b"}, "slug"),
        ({"slug": "taken"}, "taken"),
        ({"status": "withdrawn", "withdrawn_reason": " "}, "Say why"),
        ({"translation_of": "7777777"}, "valid choice"),
        ({"tags": ["7777777"]}, "valid choice"),
        ({"tags": ["x"]}, "not a valid value"),
    ],
)
def test_refusals_stand_beside_the_form(
    signed_in: SignedIn, fields: dict[str, object], message: str
) -> None:
    make_article("Other", slug="taken")
    article = make_article("First", slug="first")
    response = signed_in("Editor").post(
        change_url(article), form_of(article, **({"subtitle": "typed"} | fields))
    )
    assert response.status_code == 200
    assert message in errors_of(response)
    assert "typed" in response.content.decode()
    article.refresh_from_db()
    assert (article.version, article.subtitle) == (1, "")


def test_a_part_that_is_taken_is_said_in_words(signed_in: SignedIn) -> None:
    serial = make_series("Smilga")
    make_article(series=[(serial, 1)])
    article = make_article("Second")
    data = form_of(article, parts=[{"series": serial.pk, "part_number": 1}])
    response = signed_in("Editor").post(change_url(article), data)
    assert "Another article is already this part" in errors_of(response)


@pytest.mark.parametrize(
    "credits",
    [
        [{"author": "7777777", "role": "aut"}],
        [{"author": "x", "role": "aut"}],
        [{"author": "", "role": "trl"}],
        [{"author": "1" * 5000, "role": "aut"}],
        [{"author": "{pk}", "role": "zzz"}],
        [{"author": "{pk}", "role": "aut"}, {"author": "{pk}", "role": "aut"}],
    ],
)
def test_impossible_credits_are_refused(signed_in: SignedIn, credits: list[dict[str, str]]) -> None:
    author = make_author("A One")
    article = make_article("First")
    filled = [{k: v.replace("{pk}", str(author.pk)) for k, v in row.items()} for row in credits]
    response = signed_in("Editor").post(change_url(article), form_of(article, credits=filled))
    assert response.status_code == 200
    assert not article.contributions.exists()


def test_forged_row_ids_reach_nothing(signed_in: SignedIn) -> None:
    victim = make_article("Victim", authors=["A One"])
    article = make_article("Mine", authors=["B Two"])
    row = victim.contributions.get()
    other = make_author("C Three")
    data = form_of(
        article, credits=[{"author": other.pk, "role": "aut", "id": row.pk, "article": victim.pk}]
    )
    data["contributions-INITIAL_FORMS"] = 1
    data["contributions-0-DELETE"] = "on"
    signed_in("Editor").post(change_url(article), data)
    assert victim.contributions.get().pk == row.pk
    victim.refresh_from_db()
    assert victim.credit == "A One"


def test_save_as_new_is_off(signed_in: SignedIn) -> None:
    article = make_article("One")
    signed_in("Editor").post(change_url(article), form_of(article, _saveasnew="1"))
    assert Article.objects.count() == 1


def test_the_row_is_never_saved_past_the_writer(signed_in: SignedIn) -> None:
    article = make_article("First")
    client = signed_in("Editor")
    with (
        patch.object(Article, "save", side_effect=AssertionError("saved past the writer")),
        patch.object(Article, "delete", side_effect=AssertionError("deleted past the writer")),
    ):
        client.post(change_url(article), form_of(article, headline="Second"))
        client.post(ADD, form_of(headline="Third"))
        draft = Article.objects.get(headline="Third")
        delete(client, f"{LIST}{draft.pk}/delete/")
    assert Article.objects.filter(headline="Second", status=Status.PUBLISHED).exists()
