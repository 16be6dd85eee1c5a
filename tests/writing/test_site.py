"""The writers of the site's pages, links and home page: what they keep, clean and refuse."""

from typing import Any

import pytest

from articles import content_version
from articles.choices import OperationKind
from articles.models import FieldChange, HomePage, Operation, Pin, SiteLink, SitePage
from articles.writing import versions
from articles.writing.articles import WasPublic, delete_articles
from articles.writing.changes import InvalidChange, StaleVersion
from articles.writing.name_merging import merge_named
from articles.writing.site import delete_site, reserved_words, save_site
from tests.factories import make_article, make_series

pytestmark = pytest.mark.django_db


def page(**values: Any) -> SitePage:
    return save_site(SitePage(), {"title": "About", **values}, actor=None)


def changes(subject: str) -> list[tuple[str, Any, Any]]:
    rows = FieldChange.objects.filter(subject_type=subject).order_by("id")
    return list(rows.values_list("field", "old", "new"))


def test_a_page_is_cleaned_stored_and_recorded() -> None:
    row = page(title=" About\x00 us ", body="<p onclick=x>Hi<script>1</script></p>")
    assert (row.title, row.slug, row.body) == ("About us", "about-us", "<p>Hi</p>")
    assert (row.status, row.place, row.version, row.first_public_at) == ("draft", "footer", 1, None)
    assert changes("page") == [
        ("title", None, "About us"),
        ("slug", None, "about-us"),
        ("body", None, "<p>Hi</p>"),
    ]


def test_a_save_that_alters_nothing_writes_nothing() -> None:
    row = page()
    version, count = content_version.read().version, Operation.objects.count()
    again = save_site(row, {"title": "About "}, actor=None, expected_version=1)
    assert (again.version, content_version.read().version) == (1, version)
    assert Operation.objects.count() == count


def test_a_draft_that_nobody_saw_moves_nothing() -> None:
    before = content_version.read()
    row = page()
    delete_site(save_site(row, {"body": "<p>New</p>"}, actor=None), actor=None)
    assert content_version.read() == before


def test_every_save_moves_the_content_version() -> None:
    row = page(status="published")
    link = SiteLink()
    for act in (
        lambda: save_site(row, {"body": "<p>New</p>"}, actor=None),
        lambda: save_site(link, {"label": "Shop", "address": "https://s.test/"}, actor=None),
        lambda: save_site(HomePage(pk=1), {"introduction": "Hello"}, actor=None),
        lambda: save_site(row, {"status": "draft"}, actor=None),
        lambda: delete_site(link, actor=None),
    ):
        before = content_version.read().version
        act()
        assert content_version.read().version == before + 1


@pytest.mark.parametrize(
    "slug",
    ["articles", "admin", "authors", "a", "static", "media", "list", "on-this-day", "Series",
     "a/b", "..", "x?", "feed.atom", "robots.txt"],
)  # fmt: skip
def test_an_address_of_something_else_is_refused(slug: str) -> None:
    with pytest.raises(InvalidChange) as refused:
        page(slug=slug)
    assert set(refused.value.errors) == {"slug"}
    assert not SitePage.objects.exists()


def test_every_first_segment_of_the_site_is_reserved() -> None:
    assert {"articles", "authors", "tags", "series", "preview", "random"} <= reserved_words()
    assert not {"about", "imprint", "privacy", "contact"} & reserved_words()


def test_two_pages_do_not_share_an_address() -> None:
    page()
    with pytest.raises(InvalidChange, match="taken"):
        page()


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://shop.example/x?y=1#z", True), ("http://a.test", True), ("/about/", True),
        ("/", True), ("//evil.test/", False), ("/\\evil.test", False), ("javascript:1", False),
        ("about/", False), ("https://u:p@a.test/", False), ("", False), ("/a b", False),
    ],
    ids=str,
)  # fmt: skip
def test_a_link_leads_to_an_address(address: str, is_good: bool) -> None:
    values = {"label": "L", "address": address}
    if is_good:
        assert save_site(SiteLink(), values, actor=None).address == address
        return
    with pytest.raises(InvalidChange) as refused:
        save_site(SiteLink(), values, actor=None)
    assert set(refused.value.errors) == {"address"}


def test_a_page_that_was_public_keeps_its_addresses_and_is_not_deleted() -> None:
    row = page(status="published")
    first = row.first_public_at
    assert first is not None
    row = save_site(row, {"slug": "who-we-are"}, actor=None)
    row = save_site(row, {"slug": "us", "status": "draft"}, actor=None)
    assert (row.former_slugs, row.first_public_at) == (["about", "who-we-are"], first)
    with pytest.raises(WasPublic):
        delete_site(row, actor=None)
    # Back at an address of its own it does not lead to itself; another page takes over one.
    row = save_site(row, {"slug": "about"}, actor=None)
    assert row.former_slugs == ["who-we-are", "us"]
    page(title="Us")
    row.refresh_from_db()
    assert row.former_slugs == ["who-we-are"]


def test_a_draft_that_nobody_saw_is_deleted_and_leaves_its_text_in_the_ledger() -> None:
    row = page(body="<p>Hi</p>")
    delete_site(row, actor=None, reason="Not needed")
    assert not SitePage.objects.exists()
    assert ("body", "<p>Hi</p>", None) in changes("page")


def test_a_save_over_somebody_elses_is_refused() -> None:
    row = page()
    save_site(row, {"title": "Them"}, actor=None, expected_version=1)
    with pytest.raises(StaleVersion):
        save_site(row, {"title": "Me"}, actor=None, expected_version=1)
    save_site(HomePage(pk=1), {"introduction": "First"}, actor=None, expected_version=0)
    with pytest.raises(StaleVersion):
        save_site(HomePage(pk=1), {"introduction": "Second"}, actor=None, expected_version=0)


def test_pins_keep_their_order_and_stand_once() -> None:
    one, two, series = make_article("One"), make_article("Two"), make_series("Tides")
    pins = [{"series": series.pk}, {"article": two.pk}, {"article": one.pk}, {"article": two.pk}]
    home = save_site(HomePage(pk=1), {"lead": one.pk, "pins": pins}, actor=None)
    stored = Pin.objects.filter(home=home).values_list("article_id", "series_id", "position")
    assert list(stored) == [(None, series.pk, 1), (two.pk, None, 2), (one.pk, None, 3)]
    assert changes("home") == [
        ("lead", None, one.pk),
        (
            "pins",
            None,
            # Without names, which may have to be removed.
            [{"series": series.pk}, {"article": two.pk}, {"article": one.pk}],
        ),
    ]


@pytest.mark.parametrize(
    "values",
    [{"lead": 10**9}, {"pins": [{"article": 10**9}]}, {"pins": [{"series": 10**9}]},
     {"pins": [{}]}, {"introduction": "x" * 1001}],
    ids=["lead", "article", "series", "nothing", "length"],
)  # fmt: skip
def test_what_does_not_exist_is_not_pinned(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidChange):
        save_site(HomePage(pk=1), values, actor=None)
    assert not HomePage.objects.exists()


def test_a_series_that_is_merged_stays_pinned_as_the_other() -> None:
    kept, copy = make_series("Tides"), make_series("Tide")
    home = save_site(HomePage(pk=1), {"pins": [{"series": copy.pk}]}, actor=None)
    merge_named(kept, [copy], actor=None)
    assert [pin.series_id for pin in Pin.objects.filter(home=home)] == [kept.pk]


def test_a_draft_that_is_deleted_takes_its_pin_along() -> None:
    draft = make_article("Draft", status="draft")
    save_site(HomePage(pk=1), {"lead": draft.pk, "pins": [{"article": draft.pk}]}, actor=None)
    delete_articles([draft.pk], actor=None)
    home = HomePage.objects.get()
    assert (home.lead, Pin.objects.count()) == (None, 0)


def test_an_earlier_version_is_read_back_and_restored() -> None:
    article = make_article("One")
    home = save_site(
        HomePage(pk=1), {"introduction": "A", "pins": [{"article": article.pk}]}, actor=None
    )
    at = versions.position("home", 1)
    home = save_site(home, {"introduction": "B", "pins": [], "shows_timeline": False}, actor=None)
    now = versions.values_now(home)
    then = versions.values_at("home", home, now, at)
    assert (then["introduction"], then["shows_timeline"]) == ("A", True)
    assert then["pins"] == [{"article": article.pk}]
    versions.restore(home, then, actor=None, expected_version=2)
    home.refresh_from_db()
    assert (home.introduction, home.version, Pin.objects.count()) == ("A", 3, 1)
    assert Operation.objects.order_by("-id")[0].kind == OperationKind.RESTORE
