"""Fixtures: in, out, in again; three-way merge; what is wrong is named."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.importing.fixtures.format import InvalidFixture, parse_fixture
from articles.models import Article, FieldChange, PublicKey, Series, Tag
from articles.writing import checking, names
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.importing.listings import run

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo.json"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "demo.json"
    path.write_bytes(DEMO.read_bytes())
    return path


def load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def store(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@pytest.mark.django_db
class TestImport:
    def test_the_demo_comes_in_whole(self, demo: Path) -> None:
        code, out, _ = run("import_fixture", demo, "--yes")
        content = load(demo)
        assert code == 0, out
        assert Article.objects.count() == len(content["articles"])
        assert Author.objects.count() == len(content["authors"])
        assert Series.objects.count() == len(content["series"])
        assert Tag.objects.count() == len(content["tags"])
        assert not list(checking.check())

    def test_export_gives_the_same_bytes_through_an_empty_database(
        self, demo: Path, tmp_path: Path
    ) -> None:
        run("import_fixture", demo, "--yes")
        target = tmp_path / "export.json"
        run("export_fixture", "--output", target)
        assert target.read_text(encoding="utf-8") == DEMO.read_text(encoding="utf-8")

    def test_a_second_run_changes_nothing(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        before = FieldChange.objects.count()
        _, out, _ = run("import_fixture", demo, "--yes", "--format", "json")
        report = json.loads(out)
        assert report["totals"]["unchanged"] == report["totals"]["entries"]
        assert FieldChange.objects.count() == before

    def test_a_dry_run_writes_nothing_and_says_the_same(self, demo: Path) -> None:
        _, dry, _ = run("import_fixture", demo, "--dry-run", "--format", "json")
        assert not Article.objects.exists()
        _, out, _ = run("import_fixture", demo, "--yes", "--format", "json")
        assert json.loads(out) == json.loads(dry)

    def test_an_editors_value_survives_and_a_double_change_is_a_conflict(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        content = load(demo)
        row, author = content["articles"][0], content["authors"][0]
        article = PublicKey.objects.get(key=row["key"]).article
        assert article is not None
        save_article(ArticleChange(article=article, fields={"headline": "Mine"}), actor=None)
        person = Author.objects.get(slug=author["slug"])
        person.bio = "My words."
        names.save_named(person, actor=None)
        row["headline"], row["kicker"] = "Theirs", "Their kicker"
        author["bio"] = "Their words."
        store(demo, content)
        code, out, _ = run("import_fixture", demo, "--yes", "--format", "json")
        assert code == 1
        assert json.loads(out)["totals"]["conflict"] == 1
        article.refresh_from_db()
        person.refresh_from_db()
        assert (article.headline, article.kicker) == ("Mine", "Their kicker")
        assert person.bio == "My words."

    def test_what_would_hide_a_public_article_is_a_conflict(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        content = load(demo)
        row = next(item for item in content["articles"] if item["published_on"] == "1999-06-21")
        row["status"] = "draft"
        store(demo, content)
        code, out, _ = run("import_fixture", demo, "--yes", "--format", "json")
        assert (code, json.loads(out)["totals"]["conflict"]) == (1, 1)
        assert Article.objects.published().filter(public_key__key=row["key"]).exists()

    def test_a_changed_author_is_updated_on_every_article(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        content = load(demo)
        slug = content["articles"][0]["contributions"][0]["author"]
        author = next(row for row in content["authors"] if row["slug"] == slug)
        author["name"] = "A New Name"
        store(demo, content)
        run("import_fixture", demo, "--yes")
        article = PublicKey.objects.get(key=content["articles"][0]["key"]).article
        assert article is not None
        assert "A New Name" in article.credit
        assert not list(checking.check())

    def test_the_key_of_a_deleted_article_is_not_given_again(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        draft = Article.objects.filter(first_public_at=None).first()
        assert draft is not None
        key = draft.public_key.key
        delete_articles([draft.pk], actor=None)
        code, _, _ = run("import_fixture", demo, "--yes")
        assert code == 0
        assert PublicKey.objects.get(key=key).article is None

    def test_provenance_has_the_lines_of_the_file(self, demo: Path) -> None:
        run("import_fixture", demo, "--yes")
        entry = PublicKey.objects.get(
            key=load(demo)["articles"][3]["key"]
        ).article.source_entries.get()  # type: ignore[union-attr]
        lines = demo.read_text(encoding="utf-8").split("\n")
        text = "\n".join(lines[entry.first_line - 1 : entry.last_line]).strip().rstrip(",")
        assert json.loads(text) == json.loads(entry.text) == load(demo)["articles"][3]

    def test_a_broken_file_is_named_and_nothing_is_written(self, demo: Path) -> None:
        demo.write_text(demo.read_text(encoding="utf-8")[:-40], encoding="utf-8")
        code, _, err = run("import_fixture", demo, "--yes")
        assert code == 2
        assert "demo.json: line" in err
        assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_export_imported_elsewhere_exports_the_same(demo: Path, tmp_path: Path) -> None:
    run("import_fixture", demo, "--yes")
    article = Article.objects.published().order_by("sort_key").first()
    assert article is not None
    save_article(
        ArticleChange(article=article, fields={"headline": "A new “headline” – é"}), actor=None
    )
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    run("export_fixture", "--output", first)
    call_command("flush", interactive=False, verbosity=0)
    run("import_fixture", first, "--yes")
    run("export_fixture", "--output", second)
    assert second.read_bytes() == first.read_bytes()


def minimal() -> dict[str, Any]:
    return copy.deepcopy(
        {
            "version": 1,
            "authors": [],
            "series": [],
            "tags": [],
            "articles": [
                {
                    "key": "0123abcd",
                    "slug": "one",
                    "headline": "One",
                    **dict.fromkeys(
                        (
                            "kicker",
                            "subtitle",
                            "standfirst",
                            "body",
                            "byline",
                            "part_label",
                            "publication",
                            "volume",
                            "issue",
                            "pages",
                        ),
                        "",
                    ),
                    "language": "en",
                    "source_url": "",
                    "translation_of": None,
                    "published_on": "2020-01",
                    "status": "published",
                    "visible_from": None,
                    "withdrawn_reason": "",
                    "correction_note": "",
                    "contributions": [],
                    "parts": [],
                    "tags": [],
                }
            ],
        }
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("published_on", "2020-13", r"articles\[0\].published_on: must be YYYY"),
        ("published_on", None, r"articles\[0\].published_on: a published article needs a date"),
        ("key", "0123abcu", r"articles\[0\].key: must be 8 characters"),
        ("slug", "a/b", r"articles\[0\].slug: must be one segment"),
        ("status", "secret", r"articles\[0\].status: must be one of"),
        ("headline", 3, r"articles\[0\].headline: must be text"),
        ("visible_from", "soon", r"articles\[0\].visible_from: must be a moment"),
        ("contributions", [{"author": "nobody", "role": "aut"}], "'nobody' is not among"),
        ("contributions", [{"author": "x"}], r"articles\[0\].contributions\[0\].role: is missing"),
        ("parts", [{"series": "x", "part_number": 0}], r"parts\[0\].part_number: must be a number"),
        ("tags", ["x"], "'x' is not among the tags"),
        ("colour", "red", r"articles\[0\].colour: there is no such field"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(field: str, value: Any, message: str) -> None:
    content = minimal()
    content["articles"][0][field] = value
    with pytest.raises(InvalidFixture, match=message):
        parse_fixture(json.dumps(content))


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"version": 2}', "{", "[" * 100_000])
def test_what_is_no_fixture_is_refused(text: str) -> None:
    with pytest.raises(InvalidFixture):
        parse_fixture(text)


def test_the_lines_of_each_article_are_known_whatever_the_layout() -> None:
    content = minimal()
    content["articles"].append({**content["articles"][0], "key": "1123abcd"})
    for indent in (None, 2, 8):
        fixture = parse_fixture(json.dumps(content, indent=indent))
        assert [json.loads(article.text) for article in fixture.articles] == content["articles"]
