"""Pictures of a site that moves here: found in a copy of its uploads, checked, stored, shown."""

import hashlib
import random
import stat
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client

from articles import pictures
from articles.choices import UploadState
from articles.importing import pictures as storing
from articles.importing.files import UnreadableFile
from articles.importing.formats.media import MOST_BYTES, ArchivedMedia, Media, kind_of
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.importing.uploads import acts as uploads_acts
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import work as uploads_work
from articles.models import Article, ImportRun, Upload
from tests.drawing import SECRET, drawn, exif
from tests.importing.formats.reading import SAMPLES
from tests.importing.listings import import_json, run

LAMPS = SAMPLES / "lamps.wordpress.xml"
KNOTS = SAMPLES / "knots.ghost.json"
#: The first bytes of each kind, and something more.
PNG = b"\x89PNG\r\n\x1a\n" + b"png"
JPEG = b"\xff\xd8\xff\xe0" + b"jpeg"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


def name_of(content: bytes, kind: str) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.{kind}"


@pytest.fixture
def uploads(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "lamp.jpg").write_bytes(JPEG)
    return folder


def article(headline: str) -> Article:
    return Article.objects.get(headline=headline)


@pytest.mark.django_db(transaction=True)
def test_a_real_picture_has_its_widths_its_measures_and_nothing_else(uploads: Path) -> None:
    content = drawn(size=(1200, 800), exif=exif(6))
    (uploads / "lamp.jpg").write_bytes(content)
    import_json(LAMPS, "--media", uploads)
    lamp, name = article("The lamp is lit"), name_of(content, "jpg")
    assert f'<img src="/media/{name}" alt="The lamp" width="800" height="1200">' in lamp.body
    assert all(path.exists() for path in pictures.files_of(name)[:2])
    assert SECRET.encode() not in pictures.path_of(name).read_bytes()
    assert lamp.held_pictures.filter(name=name).exists()


@pytest.mark.django_db
def test_bodies_show_the_pictures_that_the_folder_has(uploads: Path, client: Client) -> None:
    report = import_json(LAMPS, "--media", uploads)
    assert report["totals"]["create"] == 5
    lamp, oil = article("The lamp is lit"), article("The price of oil")
    address = f"/media/{name_of(JPEG, 'jpg')}"
    # The smaller version is not in the folder: the picture it was made of is.
    assert f'<a href="{address}"' in lamp.body
    assert f'<img src="{address}" alt="The lamp">' in lamp.body
    assert f'<li><img src="{address}" alt="">' in oil.body
    codes = {finding.code: finding.message for finding in oil.findings.all()}
    assert "picture number 99" in codes["picture-missing"]
    assert "picture-left-out" not in codes
    page = client.get(lamp.get_absolute_url())
    assert f'<img src="{address}" alt="The lamp" loading="lazy"' in page.content.decode()
    assert "img-src 'self'" in page["Content-Security-Policy"]
    shown = client.get(address)
    assert b"".join(shown.streaming_content) == JPEG  # type: ignore[attr-defined]
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address, headers={"If-None-Match": shown["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_a_second_run_with_the_same_folder_changes_nothing(uploads: Path) -> None:
    import_json(LAMPS, "--media", uploads)
    assert import_json(LAMPS, "--media", uploads)["totals"]["unchanged"] == 5


@pytest.mark.django_db
def test_the_picture_above_an_article_becomes_the_first_of_its_body(
    uploads: Path, tmp_path: Path
) -> None:
    (uploads / "content" / "images").mkdir(parents=True)
    (uploads / "content" / "images" / "knot.png").write_bytes(PNG)
    (uploads / "top.webp").write_bytes(WEBP)
    text = KNOTS.read_text(encoding="utf-8").replace(
        '"status": "published", "type": "page"',
        '"feature_image": "__GHOST_URL__/content/images/2020/top.webp",'
        ' "status": "published", "type": "page"',
    )
    (tmp_path / "knots.json").write_text(text, encoding="utf-8")
    import_json(tmp_path / "knots.json", "--media", uploads)
    assert article("Rope").body == (
        f'<p><img src="/media/{name_of(WEBP, "webp")}" alt=""></p>\n<p>Long.</p>'
    )
    assert f'<img src="/media/{name_of(PNG, "png")}" alt="A knot">' in (
        article("A knot that holds").body
    )


@pytest.mark.django_db
def test_a_dry_run_stores_no_picture(uploads: Path) -> None:
    code, _, err = run("import_listing", LAMPS, "--dry-run", "--media", uploads)
    assert code == 0, err
    assert not Path(django_settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
def test_a_picture_that_is_none_is_left_out_and_named(uploads: Path) -> None:
    (uploads / "lamp.jpg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")
    import_json(LAMPS, "--media", uploads)
    lamp = article("The lamp is lit")
    assert "<img" not in lamp.body
    assert {finding.code for finding in lamp.findings.all()} >= {"picture-refused"}
    assert not Path(django_settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LAMPS, "--media", "no-such-folder"), "no-such-folder: No such file or directory"),
        ((LAMPS, "--media", LAMPS), "not a folder that can be read"),
        ((SAMPLES / "ferry.csv", "--media", SAMPLES), "pictures come with the export of a site"),
    ],
)
def test_a_folder_that_is_none_or_for_nothing(arguments: tuple[object, ...], message: str) -> None:
    code, out, err = run("import_listing", *arguments, "--yes")
    assert (code, out, ImportRun.objects.count()) == (2, "", 0)
    assert message in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["x.jpg", f"{'0' * 64}.svg", f"{'0' * 64}.png", "..%2f..%2fsecret-key", "%2e%2e"]
)
def test_nothing_else_is_served_from_there(client: Client, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "png"), (JPEG, "jpg"), (b"GIF89a...", "gif"), (WEBP, "webp"), (b"", ""),
        (b"<html>", ""), (b"<svg>", ""), (b"RIFF....WAVE", ""), (b"\x00\x00\x01\x00", ""),
    ],
)  # fmt: skip
def test_what_a_picture_is(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_nothing_outside_the_folder_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    (folder / "2019").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "inside.png").symlink_to(folder / "2019" / "lamp.png")
    (folder / "2019" / "lamp.png").write_bytes(PNG)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "folder.png").mkdir()
    media = Media(folder)
    for address in (
        "https://e.example/../secret.png", "https://e.example/%2e%2e/secret.png", "/link.png",
        "/loop.png", "/folder.png", "/\x00.png", "https://[/x.png", "", "/", "/" + "a/" * 5000,
        "/" + "x" * 5000 + ".png",
    ):  # fmt: skip
        assert media.find(address) is None, address
    name = name_of(PNG, "png")
    assert media.find("https://e.example/wp-content/uploads/2019/lamp-300x200.png") == name
    assert media.find("/inside.png") == name
    assert list(media.found) == [name]


def test_a_picture_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "big.png").open("wb") as file:
        file.write(PNG)
        file.truncate(MOST_BYTES + 1)
    assert Media(tmp_path).find("/big.png") == ""


def test_a_picture_that_changed_since_is_not_stored(uploads: Path) -> None:
    media = Media(uploads)
    name = media.find("/lamp.jpg")
    assert name
    (uploads / "lamp.jpg").write_bytes(JPEG + b"other")
    with pytest.raises(OSError, match="the picture changed"):
        storing.store(media.found.items())
    assert not pictures.path_of(name).exists()
    (uploads / "lamp.jpg").write_bytes(JPEG)
    storing.store(media.found.items())
    assert pictures.path_of(name).read_bytes() == JPEG
    assert pictures.path_of(name).stat().st_mode & 0o777 == 0o640
    assert [path.name for path in pictures.path_of(name).parent.iterdir()] == [name]


def test_a_folder_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        Media(tmp_path / "none")


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


@pytest.mark.django_db
def test_pictures_may_lie_beside_the_export_in_one_archive(uploads: Path, tmp_path: Path) -> None:
    members = {
        "site/export.xml": LAMPS.read_bytes(),
        "site/wp-content/uploads/lamp.jpg": JPEG,
        "site/wp-content/uploads/2019/other.png": PNG,
        # What else lies among them is neither a listing nor a picture.
        "site/wp-content/uploads/2019/guide.pdf": b"%PDF",
        "site/wp-content/uploads/2019/data.json": b"{}",
        "site/wp-content/uploads/backup.zip": b"PK\x03\x04",
    }
    path = archive(tmp_path / "site.zip", members)
    report = import_json(path)
    assert report["listings"][0]["path"].endswith("site.zip/site/export.xml")
    assert report["listings"][0]["sha256"] == hashlib.sha256(LAMPS.read_bytes()).hexdigest()
    name = name_of(JPEG, "jpg")
    assert f'<img src="/media/{name}" alt="The lamp">' in article("The lamp is lit").body
    assert pictures.path_of(name).read_bytes() == JPEG
    assert not pictures.path_of(name_of(PNG, "png")).exists()
    assert import_json(path)["totals"]["unchanged"] == 5


@pytest.mark.django_db
def test_an_upload_brings_a_site_with_its_pictures(uploads: Path, tmp_path: Path) -> None:
    members = {"export.json": KNOTS.read_bytes(), "content/images/knot.png": PNG}
    text = KNOTS.read_text(encoding="utf-8")
    shown = text.replace('"feature_image": null', '"feature_image": "/content/images/knot.png"', 1)
    members["export.json"] = shown.encode()
    content = archive(tmp_path / "site.zip", members).read_bytes()
    options = Options(status="published").as_json()
    upload = Upload.objects.create(
        actor=User.objects.create_user("ida", is_staff=True), file_name="site.zip",
        content=content, state=UploadState.RUNNING,
        options={**options, "source": "", "step": uploads_acts.PLAN},
    )  # fmt: skip
    upload.options["by"] = upload.actor_id
    for step, state in (("plan", UploadState.PLANNED), ("apply", UploadState.DONE)):
        upload.options["step"], upload.state = step, UploadState.RUNNING
        upload.save()
        lock = uploads_files.take(upload.pk)
        uploads_work.work(upload.pk)
        uploads_files.drop(upload.pk, lock)
        upload.refresh_from_db()
        assert (upload.state, upload.message) == (state, "")
        assert pictures.path_of(name_of(PNG, "png")).exists() == (step == "apply")
    assert Article.objects.filter(body__contains=name_of(PNG, "png")).count() == 1


def linked(path: Path) -> Path:
    """Write an archive in which a picture is a symbolic link to another file."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("export.xml", LAMPS.read_bytes())
        link = zipfile.ZipInfo("uploads/lamp.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/hostname")
    return path


def test_of_an_archive_a_link_is_no_picture(tmp_path: Path) -> None:
    media = ArchivedMedia(linked(tmp_path / "site.zip").read_bytes())
    assert media.find("https://lamps.example/wp-content/uploads/lamp.jpg") == ""
    assert not media.found


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"../uploads/lamp.jpg": JPEG}, "lead out of the archive"),
        ({"/uploads/lamp.jpg": JPEG}, "lead out of the archive"),
        ({"uploads/lamp.jpg": b"\0" * (30 * 2**20)}, "packed [0-9,]+ times"),
        ({f"uploads/{n}.jpg": b"" for n in range(20_001)}, "at most 20000"),
    ],
    ids=["above", "absolute", "bomb", "many"],
)
def test_a_hostile_archive_of_pictures_is_refused(
    members: dict[str, bytes], reason: str, tmp_path: Path
) -> None:
    path = archive(tmp_path / "site.zip", {"export.xml": LAMPS.read_bytes(), **members})
    with pytest.raises(UnreadableFile, match=reason):
        read_listing(path)


def test_a_picture_of_an_archive_may_have_20_mib(tmp_path: Path) -> None:
    large = JPEG + random.Random(1).randbytes(MOST_BYTES)
    path = archive(tmp_path / "site.zip", {"uploads/lamp.jpg": large, "uploads/a.png": PNG})
    media = ArchivedMedia(path.read_bytes())
    assert media.find("/wp-content/uploads/lamp.jpg") == ""
    assert media.find("/wp-content/uploads/a.png") == name_of(PNG, "png")
    assert media.find("/wp-content/uploads/none.png") is None


def test_pictures_without_an_export_are_no_listing(tmp_path: Path) -> None:
    path = archive(tmp_path / "site.zip", {"uploads/lamp.jpg": JPEG, "notes.txt": b"Notes"})
    with pytest.raises(UnreadableFile, match="no export of a site"):
        read_listing(path)


def test_pictures_beside_what_is_no_export_of_a_site_are_refused(tmp_path: Path) -> None:
    rows = (SAMPLES / "tides.json").read_bytes()
    path = archive(tmp_path / "site.zip", {"tides.json": rows, "uploads/lamp.jpg": JPEG})
    with pytest.raises(UnreadableFile, match="pictures come with the export of a site"):
        read_listing(path)
