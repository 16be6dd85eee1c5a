"""A whole site that moves here: articles, old addresses, links between them, later exports."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.importing.records import ParsedListing
from articles.models import Article, FieldChange, Finding, PastAddress, SourceEntry
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.factories import make_article
from tests.importing.formats.reading import SAMPLES, read
from tests.importing.listings import import_json, run

pytestmark = pytest.mark.django_db
LAMPS = SAMPLES / "lamps.wordpress.xml"
KNOTS = SAMPLES / "knots.ghost.json"


def article(headline: str) -> Article:
    return Article.objects.get(headline=headline)


def codes(headline: str) -> set[str]:
    return set(article(headline).findings.values_list("code", flat=True))


def reworded(path: Path, *pairs: tuple[str, str]) -> Path:
    """Write a newer export to *path*, in which each first text is the second."""
    text = LAMPS.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def test_posts_and_pages_arrive_with_their_status() -> None:
    report = import_json(LAMPS)
    assert report["listings"][0]["source"] == "Lamps of Ostrany"
    totals = report["totals"]
    assert (totals["create"], totals["public"], totals["unclaimed_lines"]) == (5, 3, 0)
    assert dict(Article.objects.values_list("headline", "status")) == {
        "The lamp is lit": "published",
        "The price of oil": "published",
        "About us": "published",
        "A lamp for next century": "published",
        "Half a thought": "draft",
    }
    assert str(article("A lamp for next century").visible_from) == "2099-01-01 05:00:00+00:00"
    assert article("A lamp for next century") not in Article.objects.published()
    assert not list(checking.check())


def test_a_draft_of_the_old_site_stays_one_and_status_draft_makes_all_drafts() -> None:
    assert import_json(LAMPS, "--status", "draft")["totals"]["public"] == 0
    assert set(Article.objects.values_list("status", flat=True)) == {"draft"}
    assert import_json(KNOTS, "--status", "published")["totals"]["public"] == 2
    assert article("Untied").status == "draft"


def test_a_second_run_of_the_same_export_changes_nothing() -> None:
    for path in (LAMPS, KNOTS):
        entries = import_json(path)["totals"]["entries"]
        before = list(Article.objects.order_by("id").values_list("id", "version", "body"))
        addresses = PastAddress.objects.count()
        assert import_json(path)["totals"]["unchanged"] == entries
        assert list(Article.objects.order_by("id").values_list("id", "version", "body")) == before
        assert PastAddress.objects.count() == addresses


@pytest.mark.parametrize(
    ("old", "headline"),
    [
        ("/2019/05/the-lamp-is-lit/", "The lamp is lit"),
        ("/2019/05/the-lamp-is-lit", "The lamp is lit"),
        ("/?p=12", "The lamp is lit"),
        ("/index.php?p=12", "The lamp is lit"),
        ("/?p=12&lang=en", "The lamp is lit"),
        ("/about/", "About us"),
        ("/?page_id=2", "About us"),
    ],
)
def test_every_old_permalink_answers_301(client: Client, old: str, headline: str) -> None:
    import_json(LAMPS)
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer["Location"] == article(headline).get_absolute_url()
    assert client.get(answer["Location"]).status_code == 200


def test_ghost_addresses_answer_301(client: Client) -> None:
    import_json(KNOTS)
    assert client.get("/rope/")["Location"] == article("Rope").get_absolute_url()


@pytest.mark.parametrize(
    "old", ["/?p=40", "/?p=41", "/?p=9999", "/?p=x", "/?p=" + "1" * 3000, "/?q=1"]
)
def test_what_the_public_may_not_see_has_no_old_address(client: Client, old: str) -> None:
    import_json(LAMPS)
    assert client.get(old).status_code == 200  # the first page, as without a query
    assert client.get(f"/nothing{old}").status_code == 404


def test_an_old_address_follows_an_article_that_moves(client: Client) -> None:
    import_json(LAMPS)
    save_article(
        ArticleChange(article=article("About us"), fields={"slug": "who-we-are"}), actor=None
    )
    assert client.get("/about/")["Location"] == "/articles/2018/01/05/who-we-are/"


def test_an_old_address_never_hides_a_page_that_is_here(client: Client, tmp_path: Path) -> None:
    here = make_article("Tags", published_on="2019-05-02", slug="here")
    mine = here.get_absolute_url()
    path = reworded(
        tmp_path / "lamps.xml",
        ("https://lamps.example/2019/05/the-lamp-is-lit/", "https://lamps.example/tags/"),
        ("https://lamps.example/about/", f"https://lamps.example{mine}"),
    )
    import_json(path)
    assert client.get("/tags/").status_code == 200
    assert client.get(mine).status_code == 200
    assert "address-taken" in codes("The lamp is lit")
    assert "address-taken" in codes("About us")
    assert not PastAddress.objects.filter(path__in=["tags/", mine.lstrip("/")]).exists()


def test_links_within_the_site_lead_to_the_new_addresses() -> None:
    import_json(LAMPS)
    lamp, oil, about = map(article, ("The lamp is lit", "The price of oil", "About us"))
    assert f'href="{oil.get_absolute_url()}#price"' in lamp.body
    assert f'href="{about.get_absolute_url()}"' in lamp.body
    assert f'href="{lamp.get_absolute_url()}"' in oil.body
    assert 'href="https://lamps.example/contact/"' in about.body
    assert codes("About us") == {"link-unresolved"}
    stored = SourceEntry.objects.get(article=lamp)
    assert stored.values["body"] == lamp.body
    assert "https://lamps.example/2019/04/oil/#price" in stored.text
    assert not FieldChange.objects.filter(field="body").exists()


def test_a_newer_export_updates_a_body_and_its_links_without_a_conflict(tmp_path: Path) -> None:
    import_json(LAMPS)
    path = reworded(
        tmp_path / "newer.xml",
        ("<p>We keep lamps. Ask", "<p>We kept lamps, and <a href='/?p=12'>one</a>. Ask"),
    )
    report = import_json(path)
    assert (report["totals"]["update"], report["totals"]["unchanged"]) == (1, 4)
    lamp, about = article("The lamp is lit"), article("About us")
    assert f'<a href="{lamp.get_absolute_url()}"' in about.body
    assert import_json(path)["totals"]["unchanged"] == 5


def test_a_link_to_an_article_of_the_same_newer_export_is_rewritten(tmp_path: Path) -> None:
    import_json(LAMPS)
    text = LAMPS.read_text(encoding="utf-8")
    start, end = text.index("  <item>\n    <title>The price"), text.index("  <item>\n    <title>Ab")
    item = text[start:end].replace("The price of oil", "The price of wicks")
    item = item.replace("2019/04/oil", "2019/04/wicks").replace(">oil<", ">wicks<")
    item = item.replace("?p=11", "?p=51").replace(">11<", ">51<").replace("[oil]", "[wicks]")
    text = text[:start] + item + text[start:]
    text = text.replace("<p>We keep lamps. Ask", '<p>We keep <a href="/2019/04/wicks/">w</a>. Ask')
    (tmp_path / "newer.xml").write_text(text, encoding="utf-8")
    totals = import_json(tmp_path / "newer.xml")["totals"]
    assert (totals["create"], totals["update"], totals["unchanged"]) == (1, 1, 4)
    about, wicks = article("About us"), article("The price of wicks")
    assert f'href="{wicks.get_absolute_url()}"' in about.body
    change = FieldChange.objects.get(subject_id=about.pk, field="body")
    assert change.new == about.body
    assert import_json(tmp_path / "newer.xml")["totals"]["unchanged"] == 6


def test_a_change_of_status_on_the_old_site_changes_nothing_here(tmp_path: Path) -> None:
    import_json(LAMPS)
    path = reworded(tmp_path / "newer.xml", ("[publish]", "[draft]"), ("[future]", "[publish]"))
    assert import_json(path)["totals"]["unchanged"] == 5
    assert article("About us").status == "published"


def test_an_editors_body_stands(tmp_path: Path) -> None:
    import_json(LAMPS)
    save_article(ArticleChange(article=article("About us"), fields={"body": "<p>Us.</p>"}),
                 actor=None)  # fmt: skip
    assert import_json(LAMPS)["totals"]["unchanged"] == 5
    report = import_json(reworded(tmp_path / "newer.xml", ("We keep lamps.", "We kept lamps.")))
    assert report["totals"]["conflict"] == 1
    assert article("About us").body == "<p>Us.</p>"


def test_what_could_not_be_brought_is_a_finding() -> None:
    import_json(LAMPS)
    assert codes("The lamp is lit") == {
        "picture-left-out", "embed-to-link", "shortcode-unknown", "markup-left-out",
    }  # fmt: skip
    assert Finding.objects.filter(message__contains="lamp-300x200.jpg").exists()


def test_a_slug_that_another_article_has_gives_way(tmp_path: Path) -> None:
    make_article("Elsewhere", published_on="2019-05-02", slug="the-lamp-is-lit")
    code, _, err = run("import_listing", LAMPS, "--yes")
    assert code == 0, err
    assert article("The lamp is lit").slug == "the-lamp-is-lit-2"
    assert "slug-taken" in codes("The lamp is lit")
    assert import_json(LAMPS)["totals"]["unchanged"] == 5


def test_an_address_longer_than_the_column_is_a_finding(tmp_path: Path) -> None:
    path = reworded(tmp_path / "lamps.xml", ("/2019/04/oil/<", f"/2019/{'o' * 500}/<"))
    import_json(path)
    assert "address-unusable" in codes("The price of oil")


def remarks(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a report remarks on, by headline."""
    return {
        entry["headline"]: [f"{one['code']}: {one['message']}" for one in entry["diagnostics"]]
        for entry in report["listings"][0]["entries"]
    }


def test_a_dry_run_tells_what_cannot_be_brought(tmp_path: Path) -> None:
    make_article("Elsewhere", published_on="2019-05-02", slug="the-lamp-is-lit")
    other = make_article("Holder", published_on="2018-01-01")
    PastAddress.objects.create(path="2019/04/oil/", article=other)
    path = reworded(
        tmp_path / "lamps.xml",
        (
            "We keep lamps.",
            'We keep <a href="/2019/nowhere/">lamps</a> and <a href="/?p=12">one</a>.',
        ),
    )
    planned = import_json(path, "--dry-run")
    (about,) = remarks(planned)["About us"]
    assert about.startswith("link-unresolved: ")
    assert about.endswith("not here: /2019/nowhere/, /contact/.")
    assert any(one.startswith("address-taken") for one in remarks(planned)["The price of oil"])
    assert any(one.startswith("slug-taken") for one in remarks(planned)["The lamp is lit"])
    assert not any("?p=12" in one for one in remarks(planned)["About us"])
    assert not PastAddress.objects.exclude(article=other).exists()
    done = import_json(path)
    assert done["listings"] == planned["listings"]
    assert "link-unresolved" in codes("About us")
    assert "address-taken" in codes("The price of oil")


def test_of_two_articles_with_one_old_address_the_plan_names_the_second(tmp_path: Path) -> None:
    path = reworded(tmp_path / "lamps.xml", ("/2019/04/oil/<", "/2019/05/the-lamp-is-lit/<"))
    planned = import_json(path, "--dry-run")
    told = [name for name, all_ in remarks(planned).items() if "address-taken" in str(all_)]
    assert len(told) == 1
    assert import_json(path)["listings"] == planned["listings"]
    assert "address-taken" in codes(told[0])


def exported(*items: str) -> ParsedListing:
    """Return an export of WordPress with *items*, read."""
    head = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour</title>'
        "<link>https://harbour.example</link>"
    )
    return read(f"{head}{''.join(items)}</channel></rss>", "site.xml")


def post(body: str, title: str = "Tides", status: str = "publish") -> str:
    return (
        f"<item><title>{title}</title><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<wp:post_date>2019-05-04 10:00:00</wp:post_date><wp:status>{status}</wp:status>"
        "<wp:post_type>post</wp:post_type></item>"
    )


def test_an_embed_inside_a_paragraph_becomes_a_link() -> None:
    embed = '[embed width="500"]https://video.example/a?b=1&amp;c=2[/embed]'
    (entry,) = exported(post(f"<p>Watch {embed} now.</p>")).entries
    link = '<a href="https://video.example/a?b=1&amp;c=2" rel="noopener noreferrer">'
    assert f"Watch {link}https://video.example/a?b=1&amp;c=2</a> now." in entry.values["body"]


def test_of_a_draft_that_was_given_a_headline_nobody_says_that_it_has_none() -> None:
    draft, public = exported(post("Words", "", "draft"), post("Words", "")).entries
    assert draft.values["headline"] == "Untitled draft"
    assert [remark["code"] for remark in draft.diagnostics] == ["headline-given"]
    assert "row-without-headline" in [remark["code"] for remark in public.diagnostics]


def test_what_the_old_site_only_sent_by_mail_is_a_draft() -> None:
    row = {"id": "1", "title": "Letter", "status": "sent", "visibility": "public", "html": "x"}
    row |= {"type": "post", "published_at": "2020-02-02T10:00:00.000Z"}
    export = {"db": [{"meta": {}, "data": {"posts": [row], "users": []}}]}
    (entry,) = read(json.dumps(export), "ghost.json", "ghost").entries
    assert entry.values["status"] == "draft"
    assert [remark["code"] for remark in entry.diagnostics] == ["status-changed"]
