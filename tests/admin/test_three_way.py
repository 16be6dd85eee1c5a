"""Two editors on one row: the second sees both, and nothing that either typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin.three_way import joined
from articles.models import Article, FieldChange, Operation
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.names import save_named
from tests.admin.posting import change_url, errors_of, form_of
from tests.factories import make_article, make_author, make_series, make_tag

SignedIn = Callable[..., Client]


def save(article: Article, **change: Any) -> None:
    lists = {name: change.pop(name) for name in ("credits", "tags", "parts") if name in change}
    save_article(ArticleChange(article=article, fields=change, **lists), actor=None)


def outcomes(response: Any) -> dict[str, str]:
    return {one.name: one.outcome for one, _field in response.context["merge"]}


def value_of(response: Any, name: str) -> Any:
    return response.context["adminform"].form[name].value()


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "result"),
    [
        ("A. B. C.", "A. X. C.", "A. B. Y.", None),  # They touch.
        ("A. B. C. D.", "X. B. C. D.", "A. B. C. Y.", "X. B. C. Y."),
        ("A. B.", "A. X.", "A. Y.", None),
        ("A. B. C.", "A. X. C.", "A. X. C.", "A. X. C."),
        ("One\nTwo\nThree\n", "Zero\nOne\nTwo\nThree\n", "One\nTwo\n", "Zero\nOne\nTwo\n"),
        ("<p>a</p><p>b</p><p>c</p>", "<p>x</p><p>b</p><p>c</p>", "<p>a</p><p>b</p>",
         "<p>x</p><p>b</p>"),
        ("", "Theirs.", "Mine.", None),
        ("A", "A", "B", "B"),
    ],
)  # fmt: skip
def test_changes_in_different_sentences_are_joined(
    base: str, theirs: str, mine: str, result: str | None
) -> None:
    assert joined(base, theirs, mine) == result
    assert joined(base, mine, theirs) == result


def test_the_second_editor_sees_theirs_yours_and_the_result(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", kicker="K", subtitle="S", standfirst="A. B. C. D.", byline="Z")
    typed = form_of(
        article, headline="Mine", subtitle="My subtitle", standfirst="A. B. C. Mine.", byline="Y"
    )
    save(
        article, headline="Theirs", kicker="Their kicker", standfirst="Theirs. B. C. D.", byline="Y"
    )
    response = client.post(change_url(article), typed)
    assert response.status_code == 200
    assert outcomes(response) == {
        "headline": "decide", "standfirst": "joined", "subtitle": "mine", "kicker": "theirs",
    }  # fmt: skip
    assert value_of(response, "headline") == "Mine"
    assert value_of(response, "kicker") == "Their kicker"
    assert value_of(response, "subtitle") == "My subtitle"
    assert value_of(response, "standfirst") == "Theirs. B. C. Mine."
    page = response.content.decode()
    assert "<del>One</del><ins>Theirs</ins>" in page
    assert "<del>One</del><ins>Mine</ins>" in page
    # Each field stands in the form once.
    for name in ("headline", "standfirst", "kicker", "subtitle"):
        assert page.count(f'name="{name}"') == 1, name
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Theirs", 2)
    result = typed | {
        "version": 2, "kicker": "Their kicker", "headline": "Mine after all",
        "standfirst": "Theirs. B. C. Mine.",
    }  # fmt: skip
    assert client.post(change_url(article), result).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.kicker, article.subtitle, article.standfirst) == (
        "Mine after all", "Their kicker", "My subtitle", "Theirs. B. C. Mine.",
    )  # fmt: skip


def test_what_only_they_changed_is_not_put_back_by_a_form_that_was_open(
    signed_in: SignedIn,
) -> None:
    client = signed_in("Editor")
    serial = make_series("Smilga")
    article = make_article(
        "One", authors=["A One"], tags=["T"], series=[(serial, 1)], published_on="2020-03",
        status="published", visible_from="2020-03-01T10:00:00Z",
    )  # fmt: skip
    original = make_article("Original")
    typed = form_of(article, subtitle="Mine")
    save(
        article, credits=[Credit(make_author("B Two").pk, "trl")], tags=[make_tag("U").pk],
        parts=[Place(serial.pk, 7)], published_on="2019-05-06", translation_of=original.pk,
        visible_from="2020-01-01T09:30:00Z", slug="elsewhere", status="withdrawn",
        withdrawn_reason="Doubtful",
    )  # fmt: skip
    response = client.post(change_url(article), typed)
    assert set(outcomes(response).values()) == {"theirs", "mine"}
    article.refresh_from_db()
    again = form_of(article, subtitle="Mine", translation_of=original.pk)
    form = response.context["adminform"].form
    for name in ("published_on", "slug", "status", "withdrawn_reason", "subtitle"):
        assert form[name].value() == again[name], name
    assert form["tags"].value() == [str(pk) for pk in again["tags"]]
    assert form["translation_of"].value() == str(original.pk)
    data = form.data
    for name in ("contributions-0-author", "contributions-0-role", "parts-0-part_number",
                 "visible_from_0", "visible_from_1"):  # fmt: skip
        assert data[name] == str(again[name]), name
    sent = {name: data.getlist(name) for name in data}
    assert client.post(change_url(article), sent).status_code == 302
    last = Operation.objects.order_by("-id")[0]
    assert set(last.changes.values_list("field", flat=True)) == {"subtitle"}


def test_rows_that_both_changed_are_chosen_as_a_whole(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    two, three = make_author("B Two"), make_author("C Three")
    for choice, credit in (("mine", "B Two"), ("theirs", "C Three")):
        article = make_article(authors=["A One"])
        typed = form_of(article, credits=[{"author": two.pk, "role": "aut"}])
        save(article, credits=[Credit(three.pk)])
        response = client.post(change_url(article), typed)
        assert outcomes(response) == {"credits": "decide"}
        page = response.content.decode()
        assert 'name="take-credits"' in page
        assert "C Three" in page
        assert f'<option value="{two.pk}" selected>B Two</option>' in page
        chosen = typed | {"version": 2, "take-credits": choice}
        assert client.post(change_url(article), chosen).status_code == 302
        article.refresh_from_db()
        assert article.credit == credit


def test_a_third_save_meanwhile_is_met_in_the_same_way(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", kicker="K")
    typed = form_of(article, headline="Mine")
    save(article, headline="Second")
    response = client.post(change_url(article), typed)
    assert outcomes(response) == {"headline": "decide"}
    save(article, kicker="Third")
    response = client.post(change_url(article), typed | {"version": 2})
    # Against the second save the headline is now mine alone; the kicker is theirs.
    assert outcomes(response) == {"headline": "mine", "kicker": "theirs"}
    assert value_of(response, "kicker") == "Third"


@pytest.mark.parametrize("saves", [1, 2, 7])
def test_the_base_is_what_the_form_was_opened_with(signed_in: SignedIn, saves: int) -> None:
    article = make_article("One", kicker="K")
    save(article, subtitle="Before")
    article.refresh_from_db()
    typed = form_of(article, kicker="Mine")
    for number in range(saves):
        save(article, headline=f"Save {number}", standfirst=f"{number}")
    response = signed_in("Editor").post(change_url(article), typed)
    assert outcomes(response) == {"kicker": "mine", "headline": "theirs", "standfirst": "theirs"}


@pytest.mark.parametrize("version", [-5, 0, 999, 2**31 - 1])
def test_a_forged_version_overwrites_nothing_unseen(signed_in: SignedIn, version: int) -> None:
    article = make_article("One")
    save(article, headline="Theirs")
    response = signed_in("Editor").post(
        change_url(article), form_of(article, headline="Mine", version=version)
    )
    assert response.status_code == 200
    article.refresh_from_db()
    assert article.headline == "Theirs"


def test_both_typed_the_same(signed_in: SignedIn) -> None:
    article = make_article("One")
    typed = form_of(article, headline="Same", kicker="Mine")
    save(article, headline="Same")
    response = signed_in("Editor").post(change_url(article), typed)
    assert outcomes(response) == {"kicker": "mine"}


def test_an_invalid_value_is_said_before_anything_else(signed_in: SignedIn) -> None:
    article = make_article("One")
    typed = form_of(article, language="<b>", headline="Mine")
    save(article, headline="Theirs")
    response = signed_in("Editor").post(change_url(article), typed)
    assert "language code" in errors_of(response)
    assert value_of(response, "headline") == "Mine"
    article.refresh_from_db()
    assert article.headline == "Theirs"


def test_hostile_text_stays_text(signed_in: SignedIn) -> None:
    article = make_article("One")
    typed = form_of(article, headline="<script>alert(1)</script>")
    save(article, headline='"><script>alert(2)</script>')
    page = signed_in("Editor").post(change_url(article), typed).content
    assert b"<script>alert" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_merge_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    authors = [make_author(f"Author {place}") for place in range(number)]
    article = make_article(authors=authors)
    typed = form_of(article, headline="Mine")
    save(article, headline="Theirs", credits=[Credit(one.pk, "trl") for one in authors])
    client = signed_in("Editor")
    client.get(change_url(article))
    with CaptureQueriesContext(connection) as queries:
        assert client.post(change_url(article), typed).status_code == 200
    assert len(queries) == MERGE_QUERIES, [query["sql"][:120] for query in queries]


#: Two passes of the form, the refused save between them, and what the merge reads.
MERGE_QUERIES = 45


@pytest.mark.parametrize(
    ("where", "make", "title", "blank"),
    [
        ("authors/author", make_author, "name",
         {"kind": "person", "sort_name": "Weiss, Clara", "external_ids": "{}", "bio": "One.",
          "slug": "s", "aliases": ""}),
        ("articles/series", make_series, "title",
         {"kind": "serial", "description": "One.", "slug": "s", "aliases": ""}),
        ("articles/tag", make_tag, "name",
         {"kind": "topic", "description": "One.", "slug": "s", "aliases": ""}),
    ],
)  # fmt: skip
def test_names_meet_in_the_same_way(
    signed_in: SignedIn, where: str, make: Any, title: str, blank: dict[str, str]
) -> None:
    client = signed_in("Editor")
    text = "bio" if "bio" in blank else "description"
    stored = {name: value for name, value in blank.items() if name not in {"aliases"}}
    if "external_ids" in stored:
        stored["external_ids"] = {}  # type: ignore[assignment]
    obj = make("Clara Weiss", **stored)
    url = f"/admin/{where}/{obj.pk}/change/"
    typed = blank | {title: "Mine", "version": obj.version, "aliases": "A\nB"}
    setattr(obj, title, "Theirs")
    setattr(obj, text, "Their text.")
    save_named(obj, aliases=["A", "C"], actor=None)
    response = client.post(url, typed)
    assert response.status_code == 200
    found = outcomes(response)
    assert (found[title], found[text], found["aliases"]) == ("decide", "theirs", "decide")
    form = response.context["adminform"].form
    assert form[text].value() == "Their text."
    assert form["aliases"].value() == "A\nB"
    sent = {name: form.data.getlist(name) for name in form.data}
    assert client.post(url, sent).status_code == 302
    obj.refresh_from_db()
    assert (str(obj), getattr(obj, text)) == ("Mine", "Their text.")
    assert FieldChange.objects.filter(new="Their text.").exists()


def test_what_was_typed_is_kept_when_the_article_is_out_of_ones_hands(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    article = make_article("One", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    typed = form_of(article, standfirst="What <i>I</i> typed\nfor an hour")
    save(article, status="published")
    response = client.post(change_url(article), typed)
    assert response.status_code == 403
    assert "What &lt;i&gt;I&lt;/i&gt; typed\nfor an hour" in response.content.decode()
    article.refresh_from_db()
    assert article.standfirst == ""


def test_what_was_typed_is_kept_when_the_article_was_deleted(signed_in: SignedIn) -> None:
    article = make_article("One", status="draft")
    typed = form_of(article, standfirst="What I typed")
    delete_articles([article.pk], actor=None)
    response = signed_in("Editor").post(change_url(article), typed)
    assert response.status_code == 404
    assert "What I typed" in response.content.decode()
    assert not Article.objects.exists()
