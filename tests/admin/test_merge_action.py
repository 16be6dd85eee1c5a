"""Merging from the list of articles: two to five, compared, and all or none of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.choices import Status
from articles.models import Article, Operation
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST
from tests.factories import make_article, make_author

SignedIn = Callable[..., Client]


def send(client: Client, articles: list[Article], where: str = "", **data: Any) -> Any:
    chosen = {"action": "merge", "_selected_action": [article.pk for article in articles]}
    return client.post(f"{LIST}{where}", chosen | data)


def versions(articles: list[Article]) -> dict[str, int]:
    return {f"version-{article.pk}": article.version for article in articles}


def messages(client: Client) -> str:
    return " ".join(str(message) for message in client.get(LIST).context["messages"])


@pytest.fixture
def three() -> list[Article]:
    return [make_article(f"The harbour chain {n}", tags=[f"Tag {n}"]) for n in range(3)]


def test_they_are_shown_side_by_side(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    page = send(client, three)
    assert page.status_code == 200
    text = page.content.decode()
    for article in three:
        assert article.headline in text
        assert f'name="survivor" value="{article.pk}"' in text
    assert "<mark>2</mark>" in text
    assert page.context["chosen"] == three[0].pk
    assert not Operation.objects.filter(kind="merge").exists()


def test_all_are_merged_into_the_one_that_stays(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    data = {"apply": "1", "survivor": three[1].pk, "tags": "on", "reason": "One text"}
    assert send(client, three, **data, **versions(three)).status_code == 302
    assert "2 articles lead to" in messages(client)
    for article in (three[0], three[2]):
        article.refresh_from_db()
        assert (article.status, article.merged_into_id) == ("withdrawn", three[1].pk)
    assert sorted(three[1].tags.names()) == ["Tag 0", "Tag 1", "Tag 2"]
    merges = Operation.objects.filter(kind="merge")
    assert {(row.actor, row.reason) for row in merges} == {(client.user, "One text")}  # type: ignore[attr-defined]
    assert merges.count() == 1


def test_all_come_back_in_one_act(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    send(client, three, apply="1", survivor=three[1].pk, tags="on", **versions(three))
    said = messages(client)
    path = f"/admin/articles/finding/merge/?survivor={three[1].pk}&copy={three[0].pk}"
    assert path in said.replace("&amp;", "&")
    page = client.get(path).content.decode()
    assert "Merged in the same act" in page
    assert three[2].headline in page
    client.post(path, {"unmerge": "1", "copy": three[0].pk})
    for article in three:
        article.refresh_from_db()
        assert (article.status, article.merged_into_id) == ("published", None)
    assert [list(article.tags.names()) for article in three] == [["Tag 0"], ["Tag 1"], ["Tag 2"]]
    assert Operation.objects.filter(kind="restore").count() == 1
    assert "stands on its own again" in messages(client)


def test_who_may_not_change_all_of_them_takes_none_back(
    signed_in: SignedIn, three: list[Article]
) -> None:
    send(signed_in("Editor"), three, apply="1", survivor=three[1].pk, **versions(three))
    path = f"/admin/articles/finding/merge/?survivor={three[1].pk}&copy={three[0].pk}"
    answer = signed_in("Contributor").post(path, {"unmerge": "1", "copy": three[0].pk})
    assert answer.status_code in {403, 404}
    assert Article.objects.merged().count() == 2


def test_the_way_back_is_offered_for_two(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    data = {"apply": "1", "survivor": three[0].pk}
    send(client, three[:2], **data, **versions(three))
    path = f"/admin/articles/finding/merge/?survivor={three[0].pk}&amp;copy={three[1].pk}"
    assert path.replace("&amp;", "&") in messages(client).replace("&amp;", "&")
    response = client.post(path.replace("&amp;", "&"), {"unmerge": "1", "copy": three[1].pk})
    assert response.status_code == 302
    assert Article.objects.get(pk=three[1].pk).merged_into_id is None


def test_all_or_none(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    set_status([three[2].pk], Status.WITHDRAWN, actor=None, reason="It was false")
    draft = make_article("A draft", status="draft")
    for chosen, survivor in (([*three[:2], draft], draft), (three, three[2])):
        rows = [Article.objects.get(pk=row.pk) for row in chosen]
        data = {"apply": "1", "survivor": survivor.pk, "credits": "on", "reason": "Why"}
        page = send(client, rows, **data, **versions(rows))
        assert page.status_code == 200
        assert "Nothing was merged." in page.content.decode()
        # What was chosen is still chosen.
        assert page.context["ticked"] == {"credits"}
        assert 'value="Why"' in page.content.decode()
    assert not Article.objects.merged().exists()
    assert not Operation.objects.filter(kind="merge").exists()


def test_what_was_saved_meanwhile_is_not_merged(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Editor")
    seen = versions(three)
    save_article(ArticleChange(article=three[2], fields={"kicker": "New"}), actor=None)
    page = send(client, three, apply="1", survivor=three[0].pk, **seen)
    assert "Somebody saved" in page.content.decode()
    assert not Article.objects.merged().exists()


def test_at_most_five(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    assert send(client, [make_article() for _ in range(6)]).status_code == 302
    assert "At most 5" in messages(client)


def test_the_other_half_is_searched_for(signed_in: SignedIn, three: list[Article]) -> None:
    client, (one, two, _third) = signed_in("Editor"), three
    alone = send(client, [one]).content.decode()
    assert 'name="other"' in alone
    assert '<button class="default">Merge' not in alone
    data = {"apply": "1", "survivor": one.pk, **versions(three)}
    # What was only just found is shown, not merged.
    shown = send(client, [one], other=two.pk, **data).content.decode()
    assert f'name="_selected_action" value="{two.pk}"' in shown
    assert '<button class="default">Merge' in shown
    assert send(client, [one, two], look="1", **data).status_code == 200
    assert not Article.objects.merged().exists()
    send(client, [one, two], **data)
    assert Article.objects.merged().get() == two


def test_the_other_half_need_not_be_in_the_list_that_is_shown(
    signed_in: SignedIn, three: list[Article]
) -> None:
    client, one, two = signed_in("Editor"), three[0], make_article("Quite another word")
    data = {"apply": "1", "survivor": one.pk, **versions([one, two])}
    assert send(client, [one], "?q=harbour", other=two.pk, **data).status_code == 200
    assert send(client, [one, two], "?q=harbour", **data).status_code == 302
    assert Article.objects.merged().get() == two


def test_nobody_chooses_what_they_do_not_see(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Contributor")
    own = make_article("Own", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    hidden = make_article("Canary", status="draft")
    answer = send(client, [own, hidden], follow=True)
    assert "Canary" not in str(answer.content)


def test_nobody_finds_by_it_what_they_do_not_see(signed_in: SignedIn, three: list[Article]) -> None:
    client = signed_in("Contributor")
    own = make_article("Own", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    hidden = make_article("Canary", status="draft")
    answer = client.post(LIST, {"action": "merge", "_selected_action": own.pk, "other": hidden.pk},
                         follow=True)  # fmt: skip
    assert "Canary" not in answer.content.decode()


def test_who_may_not_change_them_may_not_merge_them(
    signed_in: SignedIn, three: list[Article]
) -> None:
    for role in ("Contributor", "Importer", "Auditor"):
        client = signed_in(role)
        data = {"apply": "1", "survivor": three[0].pk, **versions(three)}
        send(client, three, **data)
        assert not Article.objects.merged().exists(), role
        assert "Merge" not in client.get(LIST).content.decode()


def test_a_copy_of_an_earlier_merge_comes_along(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    author = make_author("Ana Brandt")
    rows = [make_article(f"Chain {n}", authors=[author]) for n in range(4)]
    send(client, rows[:2], apply="1", survivor=rows[1].pk, **versions(rows))
    rows = list(Article.objects.order_by("pk"))
    send(client, rows[1:], apply="1", survivor=rows[3].pk, **versions(rows))
    assert set(Article.objects.merged().values_list("merged_into", flat=True)) == {rows[3].pk}
    assert Article.objects.merged().count() == 3
