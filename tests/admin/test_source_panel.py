"""The panel beside an article's form: where each value comes from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.admin.source_panel import build
from articles.choices import Status
from articles.importing.undoing.undo import UNDO, take_back
from articles.models import Article
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from tests.factories import make_article
from tests.importing import listings
from tests.importing.listings import import_json, write_listing
from tests.importing.undoing import import_entries

pytestmark = pytest.mark.django_db

SignedIn = Callable[[str], Client]


def origins(article: Article, client: object) -> dict[str, tuple[str, str]]:
    panel = build(article, client.user)  # type: ignore[attr-defined]
    return {origin.label: (origin.text, origin.listed) for origin in panel.origins}


def test_imported_values_name_their_lines_and_the_rest_who_gave_them(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    article = Article.objects.get(headline="Charts that lie")
    found = origins(article, signed_in("Editor"))
    for label in ("headline", "byline", "credits", "tags", "standfirst", "date of publication"):
        assert found[label] == ("from source lines 3–7", ""), label
    assert found["slug"] == ("given by the archive", "")
    assert found["visible from"] == ("given by the archive", "")
    assert found["status"] == ("given by the import", "")
    assert found["language"] == ("given by the import", "")


def test_the_statement_of_the_archive_is_no_value_of_the_article(
    signed_in: SignedIn, tmp_path: Path, settings: Any
) -> None:
    settings.RIGHTS = "© The Tidewater Review"
    path, client = tmp_path / "sea.txt", signed_in("Editor")
    for own, kinds in ((settings.RIGHTS, []), ("© The heirs", ["source"])):
        path.write_text(
            f"Listing: Sea\n\nHeadline: Fog of {own}\nPublished: 2 May 2021\nRights: {own}\n",
            encoding="utf-8",
        )
        import_json(path)
        panel = build(Article.objects.get(headline__endswith=own), client.user)  # type: ignore[attr-defined]
        assert [one.kind for one in panel.origins if one.field == "rights"] == kinds


def test_what_was_typed_in_says_by_whom_and_what_the_listing_says_of_it(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    client = signed_in("Editor")
    article = make_article(
        "Charts that lie",
        byline="Mira Oldcastle and Tomasz Łęk",
        published_on="2021-05-02",
        standfirst="In my own words.",
        publication="The Ostrany Gazette",
        actor=client.user,  # type: ignore[attr-defined]
    )
    by_hand = origins(article, client)
    assert by_hand["headline"][0].startswith("entered by editor on ")
    assert by_hand["slug"] == ("given by the archive", "")
    assert by_hand["visible from"] == ("given by the archive", "")
    import_json(write_listing(tmp_path, *listings.FIRST))
    article.refresh_from_db()
    found = origins(article, client)
    entered = by_hand["headline"][0]
    assert found["headline"] == (f"{entered}, as in source lines 3–7", "")
    assert found["publication"] == (entered, "")
    assert found["standfirst"] == (entered, listings.CHARTS[2])
    assert found["credits"] == ("from source lines 3–7", "")
    assert found["tags"] == ("from source lines 3–7", "")
    assert "kicker" not in found


def test_an_edit_after_an_import_is_an_edit(signed_in: SignedIn, tmp_path: Path) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    client = signed_in("Editor")
    article = Article.objects.get(headline="Charts that lie")
    save_article(
        ArticleChange(article=article, fields={"headline": "Charts that err", "pages": "3"}),
        actor=client.user,  # type: ignore[attr-defined]
    )
    article.refresh_from_db()
    found = origins(article, client)
    assert found["headline"][0].startswith("edited by editor on ")
    assert found["headline"][1] == "Charts that lie"
    assert found["byline"] == ("from source lines 3–7", "")


def test_a_slug_that_the_editor_chose_is_the_editors(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = make_article("A headline", slug="chosen", actor=client.user)  # type: ignore[attr-defined]
    assert origins(article, client)["slug"][0].startswith("entered by editor on ")


def test_what_an_undo_withdrew_and_an_editor_published_again_keeps_its_origin(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    run = import_entries(tmp_path, *listings.FIRST)
    article = Article.objects.get(headline="Charts that lie")
    client = signed_in("Editor")
    before = origins(article, client)
    take_back(run, UNDO)
    set_status([article.pk], Status.PUBLISHED, actor=None, reason="It was right")
    article.refresh_from_db()
    after = origins(article, client)
    for label in ("headline", "byline", "credits", "standfirst"):
        assert after[label] == before[label] == ("from source lines 3–7", ""), label


def test_each_field_of_the_form_says_where_its_value_comes_from(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    import_json(write_listing(tmp_path, *listings.FIRST))
    article = Article.objects.get(headline="Charts that lie")
    client = signed_in("Editor")
    user = client.user  # type: ignore[attr-defined]
    listed = article.byline
    for fields in ({"byline": "Anyone", "kicker": "Mine"}, {"byline": listed}):
        save_article(ArticleChange(article=article, fields=fields), actor=user)
        article.refresh_from_db()
    found = {origin.field: origin for origin in build(article, user).origins}
    kinds = {name: found[name].kind for name in ("headline", "kicker", "byline", "slug", "status")}
    assert kinds == {
        "headline": "source", "kicker": "edited", "byline": "confirmed", "slug": "archive",
        "status": "import",
    }  # fmt: skip
    assert [line for _number, line in found["headline"].lines] == ["Charts that lie"]
    assert found["byline"].text.endswith(", as in source lines 3–7")
    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    label = page.index('for="id_byline"')
    badge = page[label : page.index('name="byline"')]
    assert '<details class="origin origin-confirmed"><summary>' in badge
    assert "Byline: </span>confirmed" in badge
    # Rows below the form have theirs, and who may only look has the panel.
    assert "Credits: </span>from source" in page
    auditor = signed_in("Auditor").get(f"/admin/articles/article/{article.pk}/change/")
    assert "Where the values come from" in auditor.content.decode()
