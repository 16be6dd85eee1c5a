"""Pictures of bodies: what is taken, what is made of it, and how a page shows it."""

import hashlib
import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from articles import pictures, sizing
from articles.cleaning import clean_html
from articles.illustrations import with_widths
from articles.pictures import at_width, files_of, make, make_again, path_of
from tests.drawing import SECRET, drawn, exif

NAME = f"{'0a' * 32}.jpg"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def sizes(name: str) -> list[tuple[int, int]]:
    found = []
    for path in files_of(name):
        if path.exists():
            with Image.open(path) as image:
                found.append(image.size)
    return sorted(found)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_widths_are_made_and_nothing_but_pixels_is_kept(kind: str) -> None:
    content = drawn(kind, (2000, 1000), exif=exif())
    assert SECRET.encode() in content
    name, width, height = make(content)
    assert (width, height) == (1600, 800)
    assert name == f"{hashlib.sha256(content).hexdigest()}.{sizing.FORMATS[kind]}"
    assert sizes(name) == [(480, 240), (960, 480), (1600, 800)]
    for path in files_of(name):
        assert SECRET.encode() not in path.read_bytes()
        with Image.open(path) as image:
            assert image.format == kind
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "xmp"} & image.info.keys()


def test_a_small_picture_stays_as_large_as_it_is() -> None:
    assert make(drawn(size=(700, 350)))[1:] == (700, 350)
    name, width, height = make(drawn("PNG", (200, 100)))
    assert (width, height, sizes(name)) == (200, 100, [(200, 100)])


def test_a_picture_taken_sideways_stands_upright() -> None:
    name, width, height = make(drawn(size=(1200, 800), exif=exif(6)))
    assert (width, height) == (800, 1200)
    with Image.open(path_of(name)) as image:
        # Turned clockwise: what was at the left is above. Dark was above, and is at the right.
        assert image.getpixel((790, 600))[0] < image.getpixel((10, 600))[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "mode", "shown"),
    [
        ("PNG", "RGBA", "RGBA"), ("PNG", "P", "RGB"), ("PNG", "1", "L"), ("PNG", "I;16", "L"),
        ("JPEG", "CMYK", "RGB"), ("JPEG", "L", "RGB"), ("WEBP", "RGBA", "RGBA"),
    ],
)  # fmt: skip
def test_colours_of_every_kind_are_taken(kind: str, mode: str, shown: str) -> None:
    if mode == "I;16":
        out = io.BytesIO()
        Image.new("I;16", (20, 10), 65_535).save(out, "PNG")
        content = out.getvalue()
    else:
        content = drawn(kind, (20, 10), mode=mode)
    name, _width, _height = make(content)
    with Image.open(path_of(name)) as image:
        assert image.mode == shown
        if mode == "I;16":
            assert image.getpixel((5, 5)) == 255


def moving(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def bomb() -> bytes:
    """Return a PNG of some hundred bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "no JPEG, PNG or WebP"),
        (b"<!doctype html><script>1</script>", "no JPEG, PNG or WebP"),
        (b"", "no JPEG, PNG or WebP"),
        (drawn("GIF"), "no JPEG, PNG or WebP"),
        (drawn("BMP"), "no JPEG, PNG or WebP"),
        (drawn()[:5000], "no JPEG, PNG or WebP"),
        (bomb(), "more than 40 million pixels"),
        (b"\xff\xd8\xff" + bytes(sizing.MOST_BYTES), "larger than 12 MB"),
        (moving("PNG"), "moves"),
        (moving("WEBP"), "moves"),
    ],
    ids=["svg", "html", "empty", "gif", "bmp", "half", "bomb", "large", "apng", "moving-webp"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(content: bytes, said: str, media: Path) -> None:
    with pytest.raises(ValueError, match=said):
        make(content)
    assert not media.exists()


def test_what_an_import_stored_as_it_was_is_made_again() -> None:
    content = drawn(size=(1200, 600), exif=exif())
    name = pictures.keep(content, "jpg")
    assert make_again(name)
    assert sizes(name) == [(480, 240), (960, 480), (1200, 600)]
    assert SECRET.encode() not in path_of(name).read_bytes()
    # What is made already is left alone, and so is what cannot be made smaller.
    assert not make_again(name)
    gif = pictures.keep(drawn("GIF"), "gif")
    assert not make_again(gif)
    assert path_of(gif).read_bytes() == drawn("GIF")


@pytest.mark.django_db
def test_every_width_has_its_address(client: Client) -> None:
    name, _width, _height = make(drawn(size=(700, 350)))
    small = at_width(name, 480)
    shown = client.get(f"/media/{small}")
    assert b"".join(shown.streaming_content) == path_of(small).read_bytes()  # type: ignore[attr-defined]
    assert shown["ETag"] == f'"{name[:64]}-480"'
    assert (
        client.get(f"/media/{small}", headers={"if-none-match": shown["ETag"]}).status_code == 304
    )
    # Where a width was not brought along, the largest stands for it.
    path_of(small).unlink()
    shown = client.get(f"/media/{small}")
    assert b"".join(shown.streaming_content) == path_of(name).read_bytes()  # type: ignore[attr-defined]
    for wrong in (at_width(name, 481), at_width(small, 480), at_width(NAME, 480)):
        assert client.get(f"/media/{wrong}").status_code == 404


def test_a_page_offers_the_widths_and_keeps_the_place() -> None:
    body = clean_html(
        f'<figure><img src="/media/{NAME}" alt="A &quot;lamp&quot;" width="1600" height="900">'
        "<figcaption>A lamp <small>A. B.</small></figcaption></figure>"
    )
    shown = with_widths(body)
    small = NAME.replace(".jpg", "-480.jpg")
    assert f'srcset="/media/{small} 480w, ' in shown
    assert f', /media/{NAME} 1600w"' in shown
    assert 'width="1600" height="900"' in shown
    assert 'loading="lazy"' in shown
    assert 'alt="A &quot;lamp&quot;"' in shown
    assert "<figcaption>A lamp <small>A. B.</small></figcaption>" in shown
    # Apart from what is added to the pictures nothing is touched.
    assert re.sub(r' (?:srcset|sizes|loading|decoding)="[^"]*"', "", shown) == body


@pytest.mark.parametrize(
    ("image", "widths"),
    [
        (f'<img src="/media/{NAME}" alt="">', 0),
        (f'<img src="/media/{NAME}" alt="" width="400" height="300">', 0),
        (f'<img src="/media/{NAME}" alt="" width="700" height="300">', 2),
        (f'<img src="/media/{NAME}" alt="" width="4000" height="300">', 3),
        (f'<img src="/media/{NAME[:-3]}gif" alt="" width="900" height="300">', 0),
    ],
)
def test_only_widths_that_are_there_are_offered(image: str, widths: int) -> None:
    found = re.findall(r"[0-9]+w", with_widths(image))
    assert len(found) == widths
    assert not found or found[-1] in {"700w", "1600w"}
