"""Cards of shared links and the icon: drawn from the site's name and colours."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from PIL import Image

from archive_site import cards
from articles.choices import Status
from articles.writing.articles import set_status
from tests.factories import make_article
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def tones(image: Image.Image) -> set[tuple[int, ...]]:
    found = image.convert("RGB").getcolors(2**20)
    assert found is not None
    return {tone for _count, tone in found}  # type: ignore[misc]


@pytest.fixture
def own(tmp_path: Path) -> Any:
    """A site with colours of its own."""
    (tmp_path / "static").mkdir()
    style = ":root { --accent: #1d4f7c; --paper: #fff; }\n"
    style += "@media (prefers-color-scheme: dark) { :root { --accent: #8fbce6; } }\n"
    (tmp_path / "static" / "site.css").write_text(style, encoding="utf-8")
    with override_settings(SITE_DIR=tmp_path, SITE_NAME="The Lamp"):
        yield tmp_path


def test_the_card_of_the_site(client: Client) -> None:
    response = client.get("/card.png")
    assert response["Content-Type"] == "image/png"
    image = opened(response.content)
    assert image.size == (1200, 630)
    assert {(0xFB, 0xFA, 0xF7), (0x9C, 0x2A, 0x1F), (0x1B, 0x1A, 0x17)} <= tones(image)
    assert len(response.content) < 60_000


def test_it_follows_the_colours_of_the_site(own: Path, client: Client) -> None:
    found = tones(opened(client.get("/card.png").content))
    assert {(255, 255, 255), (0x1D, 0x4F, 0x7C)} <= found
    assert not {(0x9C, 0x2A, 0x1F), (0x8F, 0xBC, 0xE6)} & found
    svg = text_of(client.get("/favicon.svg"))
    assert 'fill="#1d4f7c"' in svg
    assert ">L</text>" in svg
    assert (0x1D, 0x4F, 0x7C) in tones(opened(client.get("/favicon.ico").content))


def test_every_page_names_a_card(client: Client) -> None:
    article = make_article("Bell", key="abcd0000")
    for path, card in (
        ("/", "/card.png"), ("/authors/", "/card.png"),
        (article.get_absolute_url(), "/a/abcd0000.png"),
    ):  # fmt: skip
        text = text_of(client.get(path))
        found = re.findall('<meta property="og:image" content="([^"]+)">', text)
        assert found == [f"http://testserver{card}"], path
        assert opened(client.get(card).content).size == (1200, 630)


def test_the_card_of_an_article_is_as_public_as_the_article(client: Client) -> None:
    make_article("Bell", key="abcd0000")
    draft = make_article("Sealed", key="dddd0000", status="draft")
    gone = make_article("Gone", key="9nne0000")
    set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert client.get("/a/abcd0000.png").status_code == 200
    assert client.get("/a/dddd0000.png").status_code == 404
    assert client.get("/a/zzzz0000.png").status_code == 404
    assert client.get("/a/9nne0000.png").status_code == 410
    assert draft.status == "draft"


LONG = "On the question whether a lighthouse that stood unlit for forty years shall be charted " * 5


@pytest.mark.parametrize(
    "headline", ["A", LONG, "W" * 300, "Вера в прилив", "Île-du-Nord — “why?”", " - "], ids=range(6)
)
def test_any_headline_fits(headline: str) -> None:
    image = opened(cards.card("The Lamp", headline, "Kicker " * 60, "Ada Moss " * 60))
    # Nothing runs into the margin.
    for box in ((0, 0, 40, 630), (0, 0, 1200, 40)):
        assert tones(image.crop(box)) == {(0xFB, 0xFA, 0xF7)}, box


def test_words_are_kept_whole_and_scripts_without_spaces_are_not() -> None:
    font = cards.font_for("abc", 40)
    assert font is not None
    lines = cards.wrapped("one two three four five", font, 200)
    assert " ".join(lines) == "one two three four five"
    assert len(lines) > 1
    assert "".join(cards.wrapped("灯台守の日記" * 9, font, 300)) == "灯台守の日記" * 9


def test_letters_that_no_typeface_has_are_not_drawn_as_boxes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article("𓀀𓀁", key="abcd0000")
    monkeypatch.setattr(cards, "_FACES", ())
    response = client.get("/a/abcd0000.png")
    assert (response.status_code, response["Location"]) == (302, "/card.png")
    assert cards.site_card(None, "𓀀") == cards.card("-")


@pytest.mark.parametrize(
    ("name", "letter"), [("The Lamp", "L"), ("“Ada”", "A"), ("Die Zeit", "Z"), ("The", "T"),
                         ("прилив", "П"), ("…", "·")]
)  # fmt: skip
def test_the_letter_of_a_name(name: str, letter: str) -> None:
    assert cards.letter(name) == letter


def test_a_sites_own_icon_is_taken(own: Path, client: Client) -> None:
    assert '<link rel="icon" href="/favicon.svg" type="image/svg+xml">' in text_of(client.get("/"))
    (own / "static" / "favicon.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    from archive_site import site_folder

    site_folder._is_there.cache_clear()
    assert '<link rel="icon" href="/static/site/favicon.png">' in text_of(client.get("/"))
