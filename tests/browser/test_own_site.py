"""What a site makes its own, in Chromium: its home page, its pages, portraits and long indexes."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from PIL import Image

from articles import indexes, portraits
from articles.choices import Status
from articles.models import HomePage, SiteLink, SitePage
from articles.writing.articles import set_status
from articles.writing.names import save_named
from articles.writing.site import save_site
from tests.browser.conftest import SiteBrowser
from tests.browser.test_site import LONG, WORD
from tests.factories import make_article, make_author, make_series

pytestmark = pytest.mark.browser


@pytest.fixture
def own_site(
    live_server: object,
    transactional_db: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """An archive whose editors have chosen a home page, with everything that is hard to set."""
    monkeypatch.setattr(indexes, "MOST", 3)
    with override_settings(MEDIA_ROOT=tmp_path):
        out = io.BytesIO()
        Image.linear_gradient("L").resize((700, 900)).save(out, "PNG")
        out.seek(0)
        ada = make_author("Ada Moss", bio="Wrote for the harbour pages.", born="1871", died="1949")
        ada.portrait = portraits.make(out, credit="Photograph: Ben Reed")
        save_named(ada, actor=None)
        tides = make_series("Tides", kind="serial", description="Of the sea, by those who sail it.")
        lead = make_article(LONG, kicker="Tides", authors=[ada], standfirst="It rang.")
        crowd = make_article("Forty", authors=[f"Person {n} Moss" for n in range(40)])
        arabic = make_article(
            "الجرس", kicker="المد", language="ar", authors=["ليلى المرسى"], standfirst="كانت."
        )
        word = make_article(
            WORD, language="de", authors=[WORD], tags=["Sea", "Sand", "Salt", "Sun"]
        )
        make_article("Bell", authors=[ada], series=[(tides, 1)], published_on="1990-05-04")
        gone = make_article("Gone", authors=["Past Person"])
        set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
        pins = [{"article": crowd.pk}, {"series": tides.pk}, {"article": arabic.pk},
                {"article": word.pk}]  # fmt: skip
        home = {"introduction": "A quarterly of lamps.", "lead": lead.pk, "pins": pins}
        save_site(HomePage(pk=1), home, actor=None)
        body = "<h2>Who</h2><p>We are <a href='https://example.org/'>us</a>.</p>"
        save_site(SitePage(), {"title": "About", "body": body, "status": "published"}, actor=None)
        shop = {"label": "Shop", "address": "https://shop.example/", "place": "header"}
        save_site(SiteLink(), shop, actor=None)
        yield


def test_a_portrait_leaves_no_gap_when_it_arrives(
    site_browser: SiteBrowser, own_site: None
) -> None:
    page = site_browser(viewport={"width": 390, "height": 900})
    page.goto("/authors/ada-moss/")
    box = page.locator(".portrait img").bounding_box()
    assert box is not None
    assert round(box["height"] / box["width"], 1) == 1.3


def test_pins_read_in_order(site_browser: SiteBrowser, own_site: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 900})
    page.goto("/")
    heads = page.locator(".chosen h2").all_inner_texts()
    assert heads[0].startswith("An extraordinarily long headline")
    assert [head[:6] for head in heads[1:]] == ["Forty", "Tides", "الجرس", WORD[:6]]
    # Forty names do not push the next one off the page.
    box = page.locator(".pin").first.bounding_box()
    assert box is not None
    assert box["height"] < 260
