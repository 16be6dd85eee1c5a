"""The text of an article in Chromium: formed, with pictures, and as HTML where it must be."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.browser.test_admin import CUT, LIST, editor, faults  # noqa: F401
from tests.browser.waiting import follow, settled, until
from tests.drawing import SECRET, drawn, exif
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: What an editor may meet: all that the formed text knows, and a table, which it leaves alone.
BODY = """<p>The lamp was lit at <em>dusk</em>, said <strong><em>the keeper</em></strong>: \
<a href="https://example.org/a" title="T" rel="noopener noreferrer">see there</a>.</p>
<ul><li>One</li><li><em>Two</em> things</li></ul>
<ol start="3"><li><p>Three</p></li></ol>
<blockquote><p>A quotation, <cite>Work</cite></p></blockquote>
<h2>Head</h2>
<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<pre>code  two
 x</pre>
<p lang="de">Wort <q>Zitat</q> <small>klein</small> <abbr title="x">ab</abbr> x<sup>2</sup><br>y</p>
<hr>
<dl><dt>a</dt><dd>b</dd></dl>"""


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def open_form(page: Page, article: Article | None = None) -> Any:
    page.goto(f"{LIST}{article.pk}/change/" if article else f"{LIST}add/")
    text = page.get_by_role("textbox", name="Body")
    text.wait_for()
    return text


def save(page: Page) -> None:
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.url.endswith(LIST)


#: The editor's own selection is where the browser's caret is: it learns of that a moment later.
KNOWS = """() => {
    const { editor } = document.querySelector(".prose-text");
    const { focusNode, focusOffset } = document.getSelection();
    return editor.view.posAtDOM(focusNode, focusOffset) === editor.state.selection.head;
}"""


#: 20 ms after it was entered the editor puts the caret back where it believes it to be. The page's
#: timers end in the order in which they are due, so one that is set now ends after that one.
ENTERED = "() => new Promise(done => setTimeout(done, 25))"


def moved(page: Page, key: str) -> None:
    """Press a key that moves the caret, and wait until the editor knows of it."""
    page.evaluate(ENTERED)
    page.keyboard.press(key)
    until(page, lambda: page.evaluate(KNOWS))


def put_picture(page: Page, file: Path, **words: str) -> None:
    page.get_by_role("button", name="Picture", exact=True).click()
    dialog = page.get_by_role("dialog", name="Picture")
    dialog.get_by_label("File").set_input_files(file)
    for label, value in words.items():
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="Put it in").click()


@pytest.mark.both_databases
def test_a_picture_is_put_into_a_text_and_shown_to_readers(
    site_browser: Any,
    editor: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    photo, other = tmp_path / "photo.jpg", tmp_path / "page.svg"
    photo.write_bytes(drawn(size=(2000, 1000), exif=exif()))
    other.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = editor(color_scheme="dark")
    text = open_form(page)
    page.locator("#id_headline").fill("Über the Lamps: lit")
    page.locator("#id_published_on").fill("2021-05-02")
    # The address as it will be, while it is typed.
    assert page.locator("output.address").inner_text() == "/articles/2021/05/02/uber-the-lamps-lit/"
    page.locator("#id_status").select_option("published")
    text.click()
    page.keyboard.type("The lamp was ")
    page.keyboard.press("Control+b")
    page.keyboard.type("lit")
    # No picture without its words, and none that is no picture.
    put_picture(page, photo)
    dialog = page.get_by_role("dialog", name="Picture")
    assert dialog.is_visible()
    words = dialog.get_by_label("What it shows, for those who do not see it")
    assert not words.evaluate("field => field.validity.valid")
    dialog.get_by_label("File").set_input_files(other)
    words.fill("A lamp")
    dialog.get_by_role("button", name="Put it in").click()
    dialog.get_by_role("alert").filter(has_text="no JPEG, PNG or WebP").wait_for()
    settled(page)
    assert faults(page) == []
    site_browser.complaints.clear()
    dialog.get_by_role("button", name="Cancel").click()
    put_picture(
        page, photo, Caption="The lamp of the harbour", Credit="Photograph: A. B.",
        **{"What it shows, for those who do not see it": "A lamp above the sea"},
    )  # fmt: skip
    text.locator("figure img").wait_for()
    text.locator("figcaption").click()
    moved(page, "Home")
    page.keyboard.type("1936: ")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    save(page)
    body = Article.objects.get().body
    assert body.startswith('<p>The lamp was <strong>lit</strong></p>\n<figure><img src="/media/')
    assert 'alt="A lamp above the sea" width="1600" height="800">' in body
    assert body.endswith(
        "<figcaption>1936: The lamp of the harbour <small>Photograph: A. B.</small></figcaption>"
        "</figure>"
    )
    reader = site_browser(viewport={"width": 390, "height": 800})
    reader.goto("/articles/2021/05/02/uber-the-lamps-lit/")
    image = reader.get_by_role("img", name="A lamp above the sea")
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.decode()")
    shown = image.evaluate("image => [image.currentSrc, image.naturalWidth, image.loading]")
    assert shown[0].endswith("-480.jpg")
    assert shown[2] == "lazy"
    # Its place was kept before it came: half as high as wide.
    box = image.bounding_box()
    assert box is not None
    assert abs(box["height"] - box["width"] / 2) < 1
    sent = reader.request.get(shown[0])
    assert SECRET.encode() not in sent.body()
    assert faults(reader) == []
    site_browser.complaints.clear()


def test_what_the_editor_knows_is_saved_as_it_was(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("Lit", body=BODY)
    assert article.body == BODY
    page = editor()
    text = open_form(page, article)
    # To look is not to change.
    assert page.locator("#id_body").input_value() == BODY
    text.locator("li").first.click()
    moved(page, "End")
    page.keyboard.type(" more")
    save(page)
    article.refresh_from_db()
    assert article.body == BODY.replace("<li>One</li>", "<li>One more</li>")


def test_bare_words_become_paragraphs_where_they_are_edited(editor: Any) -> None:  # noqa: F811
    article = make_article("Bare", body="One <em>lamp</em>\n<p>Two</p>")
    page = editor()
    text = open_form(page, article)
    text.focus()
    moved(page, "Control+End")
    # The line break of the editor; Ctrl+Enter is the form's.
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("lamps")
    save(page)
    article.refresh_from_db()
    assert article.body == "<p>One <em>lamp</em></p>\n<p>Two<br>lamps</p>"


def test_what_the_editor_does_not_know_is_edited_as_html(site_browser: Any, editor: Any) -> None:  # noqa: F811
    strange = "<blockquote>bare <p>words</p></blockquote>\n<p>b</p>"
    article = make_article("Strange", body=strange)
    page = editor()
    page.goto(f"{LIST}{article.pk}/change/")
    page.get_by_text("markup that the editor does not know").wait_for()
    field = page.locator("#id_body")
    assert (field.is_visible(), field.input_value()) == (True, strange)
    assert page.get_by_role("textbox", name="Body").count() == 1
    settled(page)
    assert faults(page) == []
    site_browser.complaints.clear()
    # Put right, it is formed text again.
    field.fill("<p>plain</p>")
    page.get_by_role("button", name="HTML").click()
    text = page.locator(".prose-text")
    expect(text).to_have_text("plain")
    text.click()
    moved(page, "End")
    page.keyboard.type(" words")
    save(page)
    article.refresh_from_db()
    assert article.body == "<p>plain words</p>"


def test_links_alt_words_and_undo(site_browser: Any, editor: Any, tmp_path: Path) -> None:  # noqa: F811
    photo = tmp_path / "photo.png"
    photo.write_bytes(drawn("PNG", (300, 200)))
    article = make_article("Lit", body="<p>lamp</p>")
    page = editor()
    text = open_form(page, article)
    text.click()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Link", exact=True).click()
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_label("Address").fill("https://example.org/")
    dialog.get_by_role("button", name="Put it in").click()
    expect(text.locator("a")).to_have_attribute("href", "https://example.org/")
    page.get_by_role("button", name="Picture", exact=True).click()
    pictures = page.get_by_role("dialog", name="Picture")
    pictures.get_by_label("File").set_input_files(photo)
    pictures.get_by_label("Decoration").check()
    pictures.get_by_role("button", name="Put it in").click()
    image = text.locator("figure img")
    expect(image).to_have_attribute("alt", "")
    # What follows so soon would be one step back with it.
    page.wait_for_timeout(700)
    image.dblclick()
    pictures.get_by_label("Decoration").uncheck()
    pictures.get_by_label("What it shows, for those who do not see it").fill("A lamp")
    pictures.get_by_role("button", name="Put it in").click()
    expect(image).to_have_attribute("alt", "A lamp")
    page.get_by_role("button", name="Undo").click()
    expect(image).to_have_attribute("alt", "")
    page.get_by_role("button", name="Undo").click()
    expect(text.locator("figure")).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    expect(image).to_have_attribute("alt", "")
    # Leaving with it unsaved is asked about.
    asked = []
    page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
    page.evaluate("location.href = '/admin/'")
    until(page, lambda: asked)
    assert asked == ["beforeunload"]
    save(page)
    article.refresh_from_db()
    assert article.body.startswith('<p><a href="https://example.org/" rel="noopener noreferrer">')
    assert 'alt="" width="300" height="200"' in article.body
