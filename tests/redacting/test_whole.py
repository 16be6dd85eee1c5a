"""The text of an article is removed as a whole, and stays away."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from archive_site import caching
from articles.choices import UploadState
from articles.models import (
    Article,
    Finding,
    ImportRun,
    Redaction,
    SourceEntry,
    Upload,
)
from articles.pictures import path_of
from articles.redacting.redact import Wanted, make_plan
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, InvalidChange
from tests.factories import make_article
from tests.importing.listings import import_json, listing_text, run
from tests.redacting.everywhere import dump, files_of_sqlite, traces
from tests.site.serving import ask, front

REASON = "Settlement of 3 May 2022"
#: Words that stand in no other text.
WORDS = ("xylograph", "quenchard", "vimbro")
ENTRY = (
    "The xylograph of Quenchard",
    "By Ana Brandt, 5 May 2021",
    "A vimbro nobody has seen was cut in wood by a man who could not draw at all.",
)
OTHERS = (
    ("Charts that lie", "By Mira Oldcastle, 2 May 2021", "Three charts of the same bay disagree."),
    ("Why the map room is locked", "By Ana Brandt, 1 May 2021", "The key is inside."),
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def var_dir(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR_DIR / "media"
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.VAR_DIR.mkdir()


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(listing_text(ENTRY, *OTHERS), encoding="utf-8")
    return path


@pytest.fixture
def article(listing: Path) -> Article:
    """An article that was imported, edited, and is quoted by what reports on it."""
    import_json(listing)
    article = Article.objects.get(headline=ENTRY[0])
    user = User.objects.create_user("editor", is_staff=True)
    name = "ab" * 32 + ".png"
    path_of(name).parent.mkdir(parents=True)
    path_of(name).write_bytes(b"\x89PNG\r\n\x1a\n")
    body = f'<p>The vimbro was cut by Quenchard himself.</p><p><img src="/media/{name}" alt=""></p>'
    for headline in ("Quenchard and his xylograph", ENTRY[0]):
        save_article(
            ArticleChange(
                article=article,
                fields={"headline": headline, "body": body, "kicker": "Vimbro", "slug": "vimbro"},
            ),
            actor=user,
        )
    run_ = ImportRun.objects.get()
    entry = article.source_entries.get()
    run_.report = {"gone": 0, "diagnostics": [
        {"code": "x", "line": entry.first_line, "message": "“xylograph” is odd", "alternatives": []}
    ]}  # fmt: skip
    run_.save()
    Finding.objects.create(
        code="doubled-word", message="A vimbro?", article=article, fingerprint="e" * 64
    )
    Upload.objects.create(
        actor=user, file_name="page.txt", content=listing.read_bytes(), state=UploadState.PLANNED
    )
    article.refresh_from_db()
    return article


def key_of(article: Article) -> str:
    return article.public_key.key


def remove(article: Article) -> tuple[int, str, str]:
    return run("redact", "--article", key_of(article), "--reason", REASON, "--yes")


def refuse(environ: Any, start: Any) -> list[bytes]:
    """Stand in for a site of which only the memory answers."""
    start("500 Asked", [])
    return [b""]


def found() -> list[str]:
    return [table for table, text in dump().items() if any(word in text.lower() for word in WORDS)]


def test_a_text_is_nowhere_after_it_was_removed(article: Article) -> None:
    before = dump()
    assert set(found()) >= {
        "articles_article", "articles_fieldchange", "articles_sourceentry", "articles_finding",
        "articles_importrun", "articles_upload", "articles_searchdocument", "articles_pastaddress",
    }  # fmt: skip
    make_plan(Wanted(REASON, key=key_of(article)))
    assert dump() == before
    if connection.vendor == "sqlite":
        assert all(word.encode() in files_of_sqlite() for word in WORDS)
    code, out, err = remove(article)
    assert (code, err) == (0, "")
    assert not any(word in out.lower() for word in WORDS)
    assert traces(*WORDS) == []
    if connection.vendor == "sqlite":
        content = files_of_sqlite()
        assert [word for word in WORDS if word.encode() in content] == []
    assert not path_of("ab" * 32 + ".png").exists()
    assert Article.objects.filter(is_public=True).count() == len(OTHERS)
    assert list(checking.check()) == []
    assert run("redact", "--check")[0] == 0
    record = Redaction.objects.get()
    assert (record.reason, record.article_id, record.actor) == (REASON, article.pk, None)


def test_its_addresses_say_that_it_is_gone_and_nothing_else(article: Article) -> None:
    addresses = [article.get_absolute_url(), f"/a/{key_of(article)}/"]
    addresses += [f"/{path}" for path in article.past_addresses.values_list("path", flat=True)]
    assert len(addresses) > 2
    picture = "/media/" + "ab" * 32 + ".png"
    shown = Client().get(picture)
    assert shown.status_code == 200
    shown.close()
    addresses.append(picture)
    remove(article)
    for address in addresses:
        response = Client().get(address)
        text = response.content.decode()
        assert (address, response.status_code) == (address, 410)
        assert "No longer available" in text
        assert REASON not in text
        assert "Ana Brandt" not in text


def test_the_same_file_and_later_versions_leave_it_out(article: Article, listing: Path) -> None:
    remove(article)
    count = Article.objects.count()
    report = import_json(listing)
    assert report["totals"]["unchanged"] == 3
    assert (Article.objects.count(), found()) == (count, [])
    # Later versions, and another source: with another date, another headline, more around it.
    for name, entry in (
        ("second.txt", (ENTRY[0], "By Ana Brandt, 6 May 2021", ENTRY[2])),
        ("third.txt", ("A find", ENTRY[1], f"Hear this: {ENTRY[2]} Nobody objected.")),
        ("fourth.txt", (ENTRY[0], ENTRY[1], "Only the heading is the same.")),
    ):
        path = listing.with_name(name)
        path.write_text(listing_text(entry, *OTHERS, topic=name), encoding="utf-8")
        report = import_json(path)
        assert report["totals"]["create"] in (0, 2)
        assert found() == []
        latest = ImportRun.objects.latest("pk")
        assert Finding.objects.filter(code="removed-text", import_run=latest).count() == 1
    assert list(checking.check()) == []
    assert SourceEntry.objects.filter(values__headline="[…]").exists()


def test_undo_redo_and_editors_leave_the_tombstone_as_it_is(article: Article) -> None:
    remove(article)
    number = ImportRun.objects.get().pk
    for arguments in ([number], [number, "--redo"]):
        assert run("undo_import", *arguments, "--yes")[0] in (0, 1)
    article.refresh_from_db()
    assert (article.status, article.headline, found()) == ("withdrawn", "[…]", [])
    for fields in ({"status": "published"}, {"headline": "Anything"}):
        with pytest.raises(InvalidChange):
            save_article(ArticleChange(article=article, fields=fields), actor=None)


def test_a_passage_elsewhere_is_named_and_left(article: Article) -> None:
    other = make_article("A review", body=f"<p>It says: {ENTRY[2]}</p>")
    planned = make_plan(Wanted(REASON, key=key_of(article)))
    assert [str(other.pk) in remark for remark in planned.steps.remarks] == [True]
    remove(article)
    other.refresh_from_db()
    assert ENTRY[2] in other.body
    assert run("redact", "--check")[0] == 1


def test_backups_that_still_hold_it_are_listed(article: Article, tmp_path: Path) -> None:
    old = tmp_path / "backups" / "backup-20210601T000000Z"
    old.mkdir(parents=True)
    _code, out, _err = remove(article)
    assert str(old) in out
    assert "write-ahead logs" in out
    assert "browsers of editors" in out
    (tmp_path / "backups" / "backup-20990601T000000Z").mkdir()
    _code, out, _err = run("redact", "--list")
    assert str(old) in out
    assert "2099" not in out
    assert REASON in out


def test_nothing_is_written_by_a_dry_run_or_if_the_archive_moved(article: Article) -> None:
    before = dump()
    code, out, _err = run("redact", "--article", key_of(article), "--reason", REASON, "--dry-run")
    assert code == 0
    assert "xylograph" in out
    assert dump() == before


def test_pages_that_were_kept_in_memory_are_not_given_out_again(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "UNSURE", datetime.timedelta(0))
    site = front()
    inside = site.application
    addresses = [article.get_absolute_url(), "/", "/articles/", "/articles/?q=xylograph"]
    for address in addresses:
        assert ask(site, address).status == 200
        # Kept by now: the site itself need not answer.
        site.application = refuse
        assert b"xylograph" in ask(site, address).body.lower(), address
        site.application = inside
    remove(article)
    for address in addresses:
        answer = ask(site, address)
        assert answer.status == (410 if address == addresses[0] else 200)
        found = answer.body.lower()
        # What somebody searches for stands in the field.
        assert not [word for word in WORDS[1:] if word.encode() in found], address
        assert ENTRY[0].lower().encode() not in found, address
