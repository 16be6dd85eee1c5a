"""PDFs and page scans of articles: what they may be, who sees them, how they are given out."""

import datetime
import io
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from articles import clock, documents
from articles.models import Article, Attachment, FieldChange
from articles.redacting.redact import Wanted, redact
from articles.writing import checking
from articles.writing.articles import delete_articles, save_article
from articles.writing.attachments import attach, describe, detach, mark_of
from articles.writing.changes import ArticleChange
from articles.writing.merging import merge_articles
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article
from tests.importing.listings import run

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def scan(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, 200).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "suffix"),
    [
        (PDF, "pdf", "pdf"),
        (scan("PNG"), "scan", "png"),
        (scan("JPEG"), "scan", "jpg"),
        (scan("TIFF"), "scan", "tif"),
        (scan("WEBP"), "scan", "webp"),
    ],
    ids=["pdf", "png", "jpeg", "tiff", "webp"],
)
def test_a_file_is_what_it_holds(content: bytes, kind: str, suffix: str) -> None:
    found = documents.examined(content)
    assert (found.kind, found.suffix, found.size) == (kind, suffix, len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 40,
        scan("PNG")[:40],
        b"junk" + PDF,
        PDF.removesuffix(b"%%EOF\n"),
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction <</S /JavaScript /JS (app.alert(1))>>"),
        PDF.replace(b"/Catalog", b"/Catalog /AA <</S /J#61vaScript>>"),
        PDF.replace(b"/Catalog", b"/Catalog /A <</S /Launch>>"),
        PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFile 2 0 R"),
        PDF.replace(b"/Catalog", b"/Catalog /AA <</O <</S /SubmitForm>>>>"),
        PDF.replace(b"/Catalog", b"/Catalog /A <</S /GoToR /F (a.pdf)>>"),
        PDF.replace(b"/Catalog", b"/Catalog /AF [<</EF <<>>>>]"),
    ],
    ids=["empty", "html", "svg", "gif", "cut off", "not at its start", "no end", "script",
         "script in disguise", "launch", "embedded", "form", "other file", "file within"],
)  # fmt: skip
def test_what_may_do_harm_or_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        documents.examined(content)


def test_files_and_pictures_that_are_too_large_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MOST_PIXELS", 11)
    with pytest.raises(ValueError, match="million pixels"):
        documents.examined(scan())
    monkeypatch.setattr(documents, "MOST_BYTES", 20)
    with pytest.raises(ValueError, match="larger than"):
        documents.examined(PDF)


def test_readers_get_it_as_a_download_in_a_sandbox() -> None:
    article = make_article("Fog")
    row = attach(article, PDF, title="Page 3: “Fog”", credit="City library", actor=None)
    assert row is not None
    page = Client().get(article.get_absolute_url()).content.decode()
    url = f"/a/{article.public_key.key}/files/{row.pk}/"
    assert f'<a href="{url}" rel="nofollow" download>' in page
    assert "City library" in page
    response = Client().get(url)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="page-3-fog.pdf"'
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(PDF))


def test_it_is_there_only_while_the_article_is_public() -> None:
    article = make_article("Fog", status="draft")
    row = attach(article, PDF, actor=None)
    assert row is not None
    url = f"/a/{article.public_key.key}/files/{row.pk}/"
    assert Client().get(url).status_code == 404
    save_article(ArticleChange(article=article, fields={"status": "published"}), actor=None)
    response = Client().get(url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    other = make_article("Mist")
    assert Client().get(f"/a/{other.public_key.key}/files/{row.pk}/").status_code == 404
    fields = {"status": "withdrawn", "withdrawn_reason": "x"}
    save_article(ArticleChange(article=article, fields=fields), actor=None)
    assert Client().get(url).status_code == 410


def test_each_change_stands_in_the_ledger_and_the_file_goes_with_its_last_row(
    django_capture_on_commit_callbacks: Any,
) -> None:
    article, other = make_article("Fog"), make_article("Mist")
    first = attach(article, PDF, title="Page 3", actor=None)
    second = attach(other, PDF, actor=None)
    assert first is not None
    assert second is not None
    assert attach(article, PDF, actor=None) is None
    describe(first.pk, {"title": "Page 4", "position": 2}, actor=None)
    path = documents.path_of(first.sha256, "pdf")
    with django_capture_on_commit_callbacks(execute=True):
        detach(first.pk, actor=None)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        detach(second.pk, actor=None)
    assert not path.exists()
    changes = FieldChange.objects.filter(subject_id=article.pk, field="attachments").order_by("pk")
    assert [[item["name"] for item in change.new] for change in changes] == [
        ["Page 3"], ["Page 4"], [],
    ]  # fmt: skip
    assert list(checking.check()) == []


def test_a_folder_is_attached_by_the_names_of_its_files(tmp_path: Path) -> None:
    fog = make_article("Fog over the bay", published_on="2020-03-01", key="7k2m9x4q")
    mist = make_article("Mist", published_on="2020-03-02")
    make_article("One of two", published_on="2020-03-03")
    make_article("Two of two", published_on="2020-03-03")
    folder = tmp_path / "scans"
    (folder / "more").mkdir(parents=True)
    for name, content in {
        "7k2m9x4q page 3.pdf": PDF,
        "fog-over-the-bay--front.png": scan("PNG"),
        "more/2020-03-02_page-1.jpg": scan("JPEG"),
        "2020-03-03.png": scan("PNG"),
        "2020-03-03-two-of-two.tif": scan("TIFF"),
        "nobody-knows.pdf": PDF,
        "mist.pdf": b"no pdf",
        ".hidden.pdf": PDF,
    }.items():
        (folder / name).write_bytes(content)
    code, out, _err = run("attach", folder, "--dry-run")
    assert (code, Attachment.objects.count()) == (1, 0)
    assert "4 would be attached, 0 there already, 3 left." in out
    code, out, _err = run("attach", folder, "--credit", "City library")
    assert code == 1
    assert "2020-03-03.png: several articles are dated 2020-03-03" in out
    assert "nobody-knows.pdf: no article is with the slug nobody-knows" in out
    titles = dict(Attachment.objects.values_list("suffix", "title"))
    assert titles == {"pdf": "page 3", "png": "front", "jpg": "page 1", "tif": ""}
    owners = set(Attachment.objects.values_list("article__headline", flat=True))
    assert owners == {fog.headline, mist.headline, "Two of two"}
    code, out, _err = run("attach", folder)
    assert "0 attached, 4 there already, 3 left." in out
    assert run("attach", tmp_path / "none")[0] == 2


def test_the_page_of_the_files_attaches_describes_and_takes_off(
    django_capture_on_commit_callbacks: Any,
) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    client = Client()
    client.force_login(user)
    article = make_article("Fog")
    url = f"/admin/articles/article/{article.pk}/files/"
    assert "No files yet." in client.get(url).content.decode()
    bad = SimpleUploadedFile("fog.pdf", b"<html>", content_type="application/pdf")
    page = client.post(url, {"attach": "yes", "file": bad}).content.decode()
    assert "This is no PDF" in page
    good = SimpleUploadedFile("anything.exe", PDF, content_type="text/html")
    client.post(url, {"attach": "yes", "file": good, "title": "Page 3", "credit": "Library"})
    row = Attachment.objects.get()
    assert (row.title, row.credit, row.kind, row.suffix) == ("Page 3", "Library", "pdf", "pdf")
    fields = {f"{row.pk}-title": "Page 4", f"{row.pk}-position": "1"}
    fields[f"{row.pk}-mark"] = mark_of(row)
    client.post(url, {f"save-{row.pk}": "yes", **fields})
    row.refresh_from_db()
    assert row.title == "Page 4"
    history = client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert "Files" in history
    assert "Page" in history
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {f"remove-{row.pk}": "yes", f"{row.pk}-mark": mark_of(row)})
    assert not Attachment.objects.exists()


def test_who_may_not_change_the_article_may_not_change_its_files() -> None:
    user = User.objects.create_user("auditor", is_staff=True)
    user.groups.add(Group.objects.get(name="Auditor"))
    client = Client()
    client.force_login(user)
    article = make_article("Fog")
    row = attach(article, PDF, title="Page 3", actor=None)
    assert row is not None
    url = f"/admin/articles/article/{article.pk}/files/"
    page = client.get(url).content.decode()
    assert "Page 3" in page
    assert "Take off" not in page
    assert client.post(url, {f"remove-{row.pk}": "yes"}).status_code == 403
    assert Article.objects.get(pk=article.pk).attachments.count() == 1


def status_of(url: str) -> int:
    response = Client().get(url)
    if response.streaming:
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response.status_code


def test_an_article_shows_the_files_of_what_was_merged_into_it() -> None:
    article, copy = make_article("Fog"), make_article("Fog again")
    attach(article, scan("JPEG"), title="Own", actor=None)
    row = attach(copy, PDF, title="Of the copy", actor=None)
    # The same scan stands there once.
    attach(copy, scan("JPEG"), title="The same", actor=None)
    assert row is not None
    merge_articles(article.pk, copy.pk, actor=None)
    page = Client().get(article.get_absolute_url()).content.decode()
    assert page.count(f"/a/{article.public_key.key}/files/") == 2
    urls = [f"/a/{one.public_key.key}/files/{row.pk}/" for one in (article, copy)]
    assert f'<a href="{urls[0]}" rel="nofollow" download>' in page
    assert [status_of(url) for url in urls] == [200, 200]
    other = make_article("Mist")
    assert status_of(f"/a/{other.public_key.key}/files/{row.pk}/") == 404
    unmerge_article(copy.pk, actor=None)
    assert "Of the copy" not in Client().get(article.get_absolute_url()).content.decode()
    assert status_of(urls[0]) == 410


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_nobody_sees_a_file_of_a_copy_while_the_survivor_is_not_public(state: str) -> None:
    later = clock.now() + datetime.timedelta(days=1)
    article = make_article(
        "Fog",
        status="draft" if state == "draft" else "published",
        visible_from=later if state == "scheduled" else None,
    )
    copy = make_article("Fog again", status="published" if state == "withdrawn" else "draft")
    row = attach(copy, PDF, actor=None)
    assert row is not None
    merge_articles(article.pk, copy.pk, actor=None)
    if state == "withdrawn":
        article.refresh_from_db()
        fields = {"status": "withdrawn", "withdrawn_reason": "x"}
        save_article(ArticleChange(article=article, fields=fields), actor=None)
    for one in (article, copy):
        found = status_of(f"/a/{one.public_key.key}/files/{row.pk}/")
        assert found == (410 if state == "withdrawn" else 404)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_deleted_takes_its_file_along() -> None:
    draft, other = make_article("Fog", status="draft"), make_article("Mist")
    row, shared = attach(draft, PDF, actor=None), attach(draft, scan(), actor=None)
    assert attach(other, scan(), actor=None)
    assert row is not None
    assert shared is not None
    delete_articles([draft.pk], actor=None)
    assert not documents.path_of(row.sha256, "pdf").exists()
    assert documents.path_of(shared.sha256, "png").exists()


@pytest.mark.parametrize("act", ["detach", "delete", "redact"])
@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_attached_elsewhere_meanwhile_stays(act: str, tmp_path: Path) -> None:
    article = make_article("Fog of three words", status="draft" if act == "delete" else "published")
    other = make_article("Mist")
    row = attach(article, PDF, actor=None)
    assert row is not None
    with transaction.atomic():
        # Runs when the row is gone and before its file goes.
        transaction.on_commit(lambda: attach(other, PDF, actor=None))
        if act == "detach":
            detach(row.pk, actor=None)
        elif act == "delete":
            delete_articles([article.pk], actor=None)
        else:
            redact(Wanted("Order 1/2021", key=article.public_key.key), actor=None)
    assert [found.article_id for found in Attachment.objects.all()] == [other.pk]
    assert documents.path_of(row.sha256, "pdf").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_file_goes_between_its_arrival_and_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    article, other = make_article("Fog"), make_article("Mist")
    row = attach(article, PDF, actor=None)
    assert row is not None
    keep = documents.keep
    threads: list[threading.Thread] = []

    def take_off() -> None:
        try:
            detach(row.pk, actor=None)
        finally:
            connection.close()

    def kept(*arguments: Any) -> None:
        keep(*arguments)
        threads.append(threading.Thread(target=take_off, daemon=True))
        threads[0].start()
        threads[0].join(0.5)

    monkeypatch.setattr(documents, "keep", kept)
    assert attach(other, PDF, actor=None)
    threads[0].join(20)
    assert not threads[0].is_alive()
    assert [found.article_id for found in Attachment.objects.all()] == [other.pk]
    assert documents.path_of(row.sha256, "pdf").exists()
