"""A row of the list edited in place."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from articles.models import Article, FieldChange, Operation
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST
from tests.factories import make_article, make_tag

SignedIn = Callable[..., Client]


def url_of(article: Article) -> str:
    return f"{LIST}{article.pk}/quick/"


def sent(article: Article, **fields: Any) -> dict[str, Any]:
    """Return what the row sends: the values of *article*, with *fields* changed."""
    return {
        "version": article.version, "headline": article.headline, "status": article.status,
        "published_on": article.published_text() if article.published_on else "",
        "tags": list(article.tagged_articles.values_list("tag", flat=True)), **fields,
    }  # fmt: skip


def test_the_row_is_saved_by_the_writer(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    tag = make_tag("Docks")
    article = make_article("One", status="draft", published_on="1938-04", kicker="K")
    page = client.get(url_of(article)).content.decode()
    assert 'form="quick-form"' in page
    assert 'value="1938-04"' in page
    assert "kicker" not in page
    data = sent(article, headline="Two", published_on="1938", status="published", tags=[tag.pk])
    assert client.post(url_of(article), data).json() == {"saved": article.pk}
    article.refresh_from_db()
    assert (article.headline, article.status, article.kicker) == ("Two", "published", "K")
    assert (article.published_text(), article.tagged_articles.get().tag) == ("1938", tag)
    operation = Operation.objects.order_by("-id")[0]
    assert operation.actor == client.user  # type: ignore[attr-defined]
    fields = FieldChange.objects.filter(operation=operation).values_list("field", flat=True)
    assert {"headline", "published_on", "status", "tags"} <= set(fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"headline": ""}, "needs a headline|required"),
        ({"published_on": "1938-13"}, "Enter a date"),
        ({"published_on": "", "status": "published"}, "needs a date"),
        ({"status": "withdrawn"}, "valid choice"),
        ({"status": "nonsense"}, "valid choice"),
        ({"tags": ["x"]}, "valid"),
    ],
)
def test_what_may_not_be_is_said_in_the_row(
    signed_in: SignedIn, fields: dict[str, Any], message: str
) -> None:
    client = signed_in("Editor")
    article = make_article("One", status="draft")
    response = client.post(url_of(article), sent(article, **fields))
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(message, page), page
    article.refresh_from_db()
    assert (article.headline, article.version) == ("One", 1)


def test_the_second_editor_sees_both_and_decides(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", status="draft", published_on="1938")
    mine = sent(article, headline="Mine")
    save_article(
        ArticleChange(article=article, fields={"headline": "Theirs", "published_on": "1939"}),
        actor=None,
    )
    response = client.post(url_of(article), mine)
    page = response.content.decode()
    assert "Nothing is saved yet" in page
    assert "quick-merge" in page
    # What only they changed is theirs; what both changed is mine, until I decide.
    assert 'value="Mine"' in page
    assert 'value="1939"' in page
    assert 'name="version" value="2"' in page
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Theirs", 2)
    again = sent(article, headline="Mine", published_on="1939")
    assert client.post(url_of(article), again).json() == {"saved": article.pk}
    article.refresh_from_db()
    assert (article.headline, article.published_text()) == ("Mine", "1939")


def test_a_text_that_is_no_version_saves_nothing(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("One", status="draft")
    for version in ("", "x", "-1", "9" * 30):
        response = client.post(url_of(article), sent(article, headline="Two", version=version))
        assert response["Content-Type"].startswith("text/html")
    assert Article.objects.get().headline == "One"


def test_who_may(signed_in: SignedIn, account: Callable[..., User]) -> None:
    article = make_article("One", status="draft")
    public = make_article("Public")
    for role in ("Importer", "Auditor", "staff", "Contributor"):
        client = signed_in(role)
        for method in (client.get, client.post):
            assert method(url_of(article), sent(article, headline="No")).status_code in {403, 404}
        assert b"quick-form" not in client.get(LIST).content or role == "Contributor"
    owner = account("Contributor", "owner")
    own = make_article("Own", status="draft", owner=owner.pk)
    client = signed_in(user=owner)
    page = client.get(url_of(own)).content.decode()
    assert 'value="published"' not in page
    response = client.post(url_of(own), sent(own, status="published", published_on="1938"))
    assert "valid choice" in response.content.decode()
    assert client.post(url_of(own), sent(own, headline="Mine")).json() == {"saved": own.pk}
    # Who may change but not publish leaves what readers see.
    user = account("staff", "deskhand")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_article", "view_article"])
    )
    client = signed_in(user=user)
    assert client.post(url_of(public), sent(public, headline="No")).status_code == 403
    assert set(Article.objects.values_list("headline", flat=True)) == {"One", "Public", "Mine"}


def test_a_public_article_is_not_made_a_draft(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("Public")
    response = client.post(url_of(article), sent(article, status="draft"))
    assert "valid choice" in response.content.decode()
    assert Article.objects.get().status == "published"


@pytest.mark.parametrize("number", [1, 30])
def test_opening_a_row_asks_the_same_number_of_queries(
    signed_in: SignedIn, number: int, django_assert_num_queries: Any
) -> None:
    article = make_article("One", tags=[f"T {place}" for place in range(number)])
    client = signed_in("Editor")
    client.get(url_of(article))
    # Session, account and permissions (4); the article, whether there is company, its tags twice.
    with django_assert_num_queries(8):
        client.get(url_of(article))


def test_a_new_article_begins_in_the_language_last_used(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    add = f"{LIST}add/"

    def first() -> Any:
        return client.get(add).context["adminform"].form

    assert first()["language"].value() == Article().language
    make_article("Own", language="fr", owner=client.user.pk)  # type: ignore[attr-defined]
    make_article("Another's", language="de")
    assert first()["language"].value() == "fr"
    assert first()["published_on"].value() in (None, "")
    assert first()["status"].value() == "draft"
