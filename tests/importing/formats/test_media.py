"""Pictures of a site that moves here: found in a copy of its uploads, checked, stored, shown."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from articles import pictures
from articles.importing import pictures as storing
from articles.importing.files import UnreadableFile
from articles.importing.formats.media import MOST_BYTES, Media, kind_of
from articles.models import Article, ImportRun
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
    assert f'<img src="{address}" alt="The lamp">' in page.content.decode()
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
