"""Articles by and about a person meet on one page."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from articles.about import identifiers
from articles.models import Tag
from articles.writing.names import save_named
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db


def text_of(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_an_author_has_both_and_the_tag_leads_back() -> None:
    author = make_author("Clara Weiss")
    tag = make_tag("Clara Weiss", kind="person", author=author)
    make_article("Written by her", authors=[author])
    make_article("A portrait of her", tags=[tag])
    make_article("Not yet told", tags=[tag], status="draft")
    page = text_of("/authors/clara-weiss/")
    about, written = page.split("Written by Clara Weiss", 1)
    assert "About Clara Weiss" in about
    assert "A portrait of her" in about
    assert "Written by her" in written
    assert "Not yet told" not in page
    assert '<a href="/tags/clara-weiss/">1 article</a>' in page
    tag_page = text_of("/tags/clara-weiss/")
    assert '<a href="/authors/clara-weiss/">Articles by Clara Weiss</a>' in tag_page
    assert "Person, 1 article" in tag_page


def test_nothing_is_said_of_what_no_reader_may_see() -> None:
    author = make_author("Clara Weiss")
    tag = make_tag("Clara Weiss", kind="person", author=author)
    make_article("A portrait of her", tags=[tag], status="draft")
    make_article("Written by her", authors=[author])
    assert "About Clara Weiss" not in text_of("/authors/clara-weiss/")
    other = make_author("Ada Moss")
    hidden = make_tag("Ada Moss", kind="person", author=other)
    make_article("About Ada", tags=[hidden])
    make_article("By Ada", authors=[other], status="draft")
    assert "Articles by Ada Moss" not in text_of("/tags/ada-moss/")


def test_only_a_person_is_linked() -> None:
    author = make_author("Clara Weiss")
    tag = make_tag("Harbour", kind="place", author=author)
    assert Tag.objects.get(pk=tag.pk).author is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.filter(pk=tag.pk).update(author=author)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"wikidata": "Q42"}, [("Wikidata", "Q42", "https://www.wikidata.org/wiki/Q42")]),
        ({"GND": "118540238"}, [("GND", "118540238", "https://d-nb.info/gnd/118540238")]),
        ({"shelf": "A 1"}, [("shelf", "A 1", "")]),
        ({"viaf": "1/../../x"}, [("VIAF", "1/../../x", "")]),
        ([], []),
    ],
)
def test_identifiers_lead_to_where_they_are_looked_up(given: Any, shown: Any) -> None:
    assert identifiers(given) == shown


def test_the_form_of_a_tag_links_it(client: Client) -> None:
    client.force_login(User.objects.create_superuser("chief"))
    author = make_author("Clara Weiss")
    tag = make_tag("Clara", kind="topic")
    url = f"/admin/articles/tag/{tag.pk}/change/"
    values = {
        "name": "Clara", "slug": tag.slug, "kind": "topic", "author": author.pk,
        "description": "", "external_ids": "{}", "aliases": "", "version": tag.version,
    }  # fmt: skip
    assert "Only a tag of the kind" in client.post(url, values).content.decode()
    assert client.post(url, {**values, "kind": "person"}).status_code == 302
    tag.refresh_from_db()
    assert tag.author == author
    history = client.get(f"/admin/articles/tag/{tag.pk}/history/").content.decode()
    assert "Author" in history
    tag.author = None
    save_named(tag, actor=None)
