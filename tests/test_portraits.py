"""Portraits of authors: what is taken, what is made of it, and where it is shown."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from articles import pictures, portraits
from articles.models import FieldChange
from articles.writing import versions
from articles.writing.changes import InvalidChange
from articles.writing.name_merging import merge_named
from articles.writing.names import save_named
from authors.models import Author
from tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db

SECRET = b"Taken at home"


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Any:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 1200), **options: Any) -> bytes:
    out = io.BytesIO()
    mode = options.pop("mode", "RGB")
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def make(content: bytes, **words: str) -> dict[str, Any]:
    return portraits.make(io.BytesIO(content), **words)


def stored(portrait: dict[str, Any]) -> list[bytes]:
    return [pictures.path_of(name).read_bytes() for _w, _h, name in portrait["sizes"]]


def test_three_sizes_are_made() -> None:
    found = make(picture(), alt=" At\nsea ", credit="Photograph: A. B.")
    assert [(width, height) for width, height, _name in found["sizes"]] == [
        (160, 213), (320, 427), (640, 853),
    ]  # fmt: skip
    assert (found["alt"], found["credit"]) == ("At sea", "Photograph: A. B.")
    for content, (width, height, _name) in zip(stored(found), found["sizes"], strict=True):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size, image.mode) == ("JPEG", (width, height), "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    content = picture(kind, exif=exif)
    assert SECRET in content
    for small in stored(make(content)):
        assert SECRET not in small
        with Image.open(io.BytesIO(small)) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment"} & image.info.keys()


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = make(picture(size=(1200, 800), exif=exif))
    assert found["sizes"][0][:2] == [160, 240]


def test_a_small_one_is_not_made_larger() -> None:
    assert [size[:2] for size in make(picture(size=(200, 100)))["sizes"]] == [[160, 80], [200, 100]]
    assert [size[:2] for size in make(picture(size=(90, 90)))["sizes"]] == [[90, 90]]


def test_what_is_clear_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(stored(make(out.getvalue()))[0])) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """Return the head of a PNG of any size, in a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(60_000, 60_000), "million pixels"),
        (bomb(9_000, 9_000), "million pixels"),
        (picture()[:2000], "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no JPEG"),
        (picture("GIF"), "no JPEG"),
        (picture("BMP", (10, 10)), "no JPEG"),
        (b"", "no JPEG"),
        (b"x" * (portraits.MOST_BYTES + 1), "larger than 12 MB"),
    ],
    ids=["bomb", "large", "cut", "svg", "gif", "bmp", "empty", "heavy"],
)
def test_what_is_no_portrait_is_refused(content: bytes, said: str, media: Path) -> None:
    with pytest.raises(ValueError, match=said):
        make(content)
    assert not media.exists()


def test_a_writer_takes_no_forged_portrait() -> None:
    author = make_author("Ada Moss")
    name = "0" * 64 + ".jpg"
    for forged in (
        {"sizes": [[1, 1, "../../etc/passwd"]]}, {"sizes": []}, {"sizes": "x"}, {"alt": "x"},
        {"sizes": [[0, 1, name]]}, {"sizes": [[1, 1, name]] * 9}, "x",
    ):  # fmt: skip
        author.portrait = forged
        with pytest.raises(InvalidChange) as refused:
            save_named(author, actor=None)
        assert set(refused.value.errors) == {"portrait"}


def with_portrait(name: str = "Ada Moss", **words: str) -> Author:
    author = make_author(name)
    author.portrait = make(picture(), **words)
    return save_named(author, actor=None)


def test_readers_see_it(client: Client) -> None:
    author = with_portrait(alt="", credit="Photo: A & B")
    make_article("Bell", authors=[author])
    text = client.get("/authors/ada-moss/").content.decode()
    figure = text.split('<figure class="portrait">')[1].split("</figure>")[0]
    assert 'alt="Portrait of Ada Moss"' in figure
    assert 'width="160" height="213"' in figure
    assert "Photo: A &amp; B" in figure
    addresses = re.findall(r"(/media/[0-9a-f]{64}\.jpg) \d+w", figure)
    assert len(addresses) == 3
    for address in addresses:
        response: Any = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert "immutable" in response["Cache-Control"]
        assert len(b"".join(response.streaming_content)) < 60_000


def test_it_is_in_the_ledger_and_comes_back() -> None:
    author = with_portrait(alt="First")
    first, at = author.portrait, versions.position("author", author.pk)
    author.portrait = {}
    save_named(author, actor=None)
    change = FieldChange.objects.filter(field="portrait").latest("id")
    assert (change.old, change.new) == (first, {})
    then = versions.values_at("author", author, versions.values_now(author), at)
    versions.restore(author, {"portrait": then["portrait"]}, actor=None, expected_version=3)
    author.refresh_from_db()
    assert author.portrait == first


def test_who_has_none_takes_that_of_a_copy() -> None:
    kept, copy = make_author("Ada Moss"), with_portrait("A. Moss", alt="Hers")
    merge_named(kept, [copy], actor=None)
    kept.refresh_from_db()
    assert kept.portrait["alt"] == "Hers"
    other = with_portrait("Moss, A.", alt="", credit="Other")
    merge_named(kept, [other], actor=None)
    kept.refresh_from_db()
    assert (kept.portrait["alt"], kept.portrait["credit"]) == ("Hers", "")


# In the admin


def author_form(author: Author, **fields: Any) -> dict[str, Any]:
    return {
        "name": author.name, "sort_name": author.sort_name, "kind": author.kind,
        "slug": author.slug, "bio": author.bio, "born": "", "died": "", "external_ids": "{}",
        "aliases": "", "version": author.version, "portrait_alt": "", "portrait_credit": "",
        **fields,
    }  # fmt: skip


@pytest.fixture
def post(admin_client: Client) -> Callable[..., Any]:
    def send(author: Author, **fields: Any) -> Any:
        author.refresh_from_db()
        url = f"/admin/authors/author/{author.pk}/change/"
        response = admin_client.post(url, author_form(author, **fields))
        author.refresh_from_db()
        return response

    return send


def test_an_editor_gives_changes_and_takes_it(
    post: Callable[..., Any], admin_client: Client
) -> None:
    author = make_author("Ada Moss")
    file = SimpleUploadedFile("me.jpg", picture(), "image/jpeg")
    assert post(author, portrait_file=file, portrait_alt="At sea").status_code == 302
    assert (len(author.portrait["sizes"]), author.portrait["alt"]) == (3, "At sea")
    shown = admin_client.get(f"/admin/authors/author/{author.pk}/change/").content.decode()
    assert author.portrait["sizes"][0][2] in shown
    assert 'value="At sea"' in shown
    assert 'enctype="multipart/form-data"' in shown
    sizes = author.portrait["sizes"]
    assert post(author, portrait_alt="On land", portrait_credit="C").status_code == 302
    assert author.portrait == {"sizes": sizes, "alt": "On land", "credit": "C"}
    history = admin_client.get(f"/admin/authors/author/{author.pk}/history/").content.decode()
    assert "On land" in history
    # A save that says nothing of it leaves it.
    version = author.version
    same = {"portrait_alt": "On land", "portrait_credit": "C"}
    assert post(author, **same).status_code == 302
    assert (author.portrait["sizes"], author.version) == (sizes, version)
    assert post(author, portrait_off="on", **same).status_code == 302
    assert author.portrait == {}


def test_an_editor_is_told_what_is_wrong_with_a_file(post: Callable[..., Any]) -> None:
    author = make_author("Ada Moss")
    response = post(author, portrait_file=SimpleUploadedFile("x.jpg", b"<svg/>", "image/jpeg"))
    assert response.status_code == 200
    assert "no JPEG, PNG or WebP" in response.content.decode()
    assert author.portrait == {}


def test_who_only_looks_sees_it(admin_client: Client, django_user_model: Any) -> None:
    from django.contrib.auth.models import Group

    author = with_portrait()
    user = django_user_model.objects.create_user("aud", is_staff=True)
    user.groups.add(Group.objects.get(name="Auditor"))
    client = Client()
    client.force_login(user)
    text = client.get(f"/admin/authors/author/{author.pk}/change/").content.decode()
    assert author.portrait["sizes"][0][2] in text
    assert "portrait_file" not in text
