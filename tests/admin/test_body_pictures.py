"""Pictures in the text of an article: put in by editors, shown to readers, gone with the last."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles import clock
from articles.choices import OperationKind
from articles.models import Article, FieldChange, HeldPicture, SitePage
from articles.pictures import files_of, path_of
from articles.writing import operations, restoring
from articles.writing.articles import delete_articles, save_article
from articles.writing.changes import ArticleChange
from articles.writing.illustrating import WAITS, take_in
from articles.writing.site import save_site
from articles.writing.versions import restore
from tests.admin.posting import ADD, change_url, errors_of, form_of
from tests.drawing import SECRET, drawn, exif
from tests.factories import make_article
from tests.importing.listings import run

SignedIn = Callable[..., Client]
GIVE = "/admin/articles/article/picture/"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def given(client: Client, content: bytes, name: str = "photo.jpg") -> Any:
    return client.post(GIVE, {"file": SimpleUploadedFile(name, content)})


def figure(name: str, width: int = 900, height: int = 600) -> str:
    return (
        f'<figure><img src="/media/{name}" alt="A lamp" width="{width}" height="{height}">'
        "<figcaption>The lamp <small>Photograph: A. B.</small></figcaption></figure>"
    )


def stored(colour: int = 0) -> str:
    """Return the name of a picture that was uploaded, another for each *colour*."""
    return take_in(drawn(size=(900 + colour, 600)))[0]


def is_there(name: str) -> bool:
    assert len({path.exists() for path in files_of(name)[:2]}) == 1
    return path_of(name).exists()


def test_a_picture_is_given_saved_and_shown(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    answer = given(client, drawn(size=(2000, 1000), exif=exif())).json()
    assert (answer["width"], answer["height"]) == (1600, 800)
    name = answer["src"].removeprefix("/media/")
    assert SECRET.encode() not in path_of(name).read_bytes()
    body = f"<p>Before.</p>{figure(name, 1600, 800)}"
    response = signed_in("Editor").post(
        ADD, form_of(headline="Lit", status="published", published_on="2021-05-02", body=body)
    )
    assert response.status_code == 302, errors_of(response)
    article = Article.objects.get()
    assert set(article.held_pictures.values_list("name", flat=True)) == {name}
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'<figure><img src="/media/{name}" alt="A lamp" width="1600"' in page
    assert f'-960.jpg 960w, /media/{name} 1600w" sizes="' in page
    assert "The lamp <small>Photograph: A. B.</small></figcaption>" in page
    # Its words are found, as those of the text are.
    assert "Lit" in client.get("/articles/?q=photograph").content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG, PNG or WebP"),
        (b"%PDF-1.7", "no JPEG, PNG or WebP"),
        (b"", "no JPEG, PNG or WebP"),
    ],
    ids=["svg", "pdf", "empty"],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(
    signed_in: SignedIn, content: bytes, said: str, media: Path
) -> None:
    answer = given(signed_in("Editor"), content)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert not HeldPicture.objects.exists()
    assert not list(media.rglob("*.jpg"))


def test_who_may_not_write_gives_no_pictures(signed_in: SignedIn, client: Client) -> None:
    for role in ("Importer", "Auditor", "staff"):
        assert given(signed_in(role), drawn()).status_code == 403
    assert given(client, drawn()).status_code == 302
    editor = signed_in("Editor")
    assert editor.get(GIVE).status_code == 405
    assert editor.post(GIVE).status_code == 400
    assert not HeldPicture.objects.exists()


def test_a_picture_needs_its_words_and_its_file(signed_in: SignedIn) -> None:
    client, name = signed_in("Editor"), stored()
    silent = f'<img src="/media/{name}">'
    response = client.post(ADD, form_of(body=f"<p>A</p>{silent}"))
    assert "lacks the words" in str(errors_of(response))
    response = client.post(ADD, form_of(body=f'<img src="/media/{"0b" * 32}.jpg" alt="x">'))
    assert "not in the archive" in str(errors_of(response))
    # Decoration says so; what an import brought is not asked about again.
    assert client.post(ADD, form_of(body=f'{silent[:-1]} alt="">')).status_code == 302
    lost = f'<img src="/media/{"0c" * 32}.jpg">'
    article = make_article("Imported", body=f"<p>A</p>{lost}")
    response = client.post(change_url(article), form_of(article, body=f"<p>B</p>{lost}"))
    assert response.status_code == 302, errors_of(response)


def test_a_picture_from_elsewhere_is_taken_out(signed_in: SignedIn) -> None:
    body = f'{figure(stored())}<p>B<img src="https://e.example/x.png" alt="x"></p>'
    signed_in("Editor").post(ADD, form_of(body=body, headline="One"))
    article = Article.objects.get()
    assert "e.example" not in article.body
    assert article.body.count("<img") == 1


@pytest.mark.django_db(transaction=True)
def test_a_picture_comes_back_with_its_version(signed_in: SignedIn) -> None:
    name = stored()
    article = make_article("Lit", body=figure(name), status="draft")
    save_article(ArticleChange(article=article, fields={"body": "<p>Dark.</p>"}), actor=None)
    assert is_there(name)
    article.refresh_from_db()
    user = signed_in("Editor").user  # type: ignore[attr-defined]
    restore(article, {"body": figure(name)}, expected_version=article.version, actor=user)
    article.refresh_from_db()
    assert article.body == figure(name)
    assert HeldPicture.objects.filter(article=article, name=name).count() == 1


@pytest.fixture
def forgotten(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Let what was uploaded be older than a picture waits for its text."""

    def age() -> None:
        HeldPicture.objects.filter(article=None).update(created=clock.now() - WAITS * 2)

    return age


def test_a_file_goes_with_the_last_article_that_shows_it(forgotten: Callable[[], None]) -> None:
    one, both, on_page = stored(), stored(1), stored(2)
    first = make_article("One", body=figure(one) + figure(both) + figure(on_page), status="draft")
    second = make_article("Two", body=figure(both), status="draft")
    save_site(SitePage(), {"title": "About", "body": figure(on_page)}, actor=None)
    # Just uploaded: somebody may be about to save it in another text.
    delete_articles([first.pk], actor=None)
    assert is_there(one)
    forgotten()
    last = stored(3)
    assert (is_there(one), is_there(both), is_there(on_page)) == (False, True, True)
    # What its text no longer shows stays too, as its history does.
    save_article(ArticleChange(article=second, fields={"body": ""}), actor=None)
    assert is_there(both)
    delete_articles([second.pk], actor=None)
    assert (is_there(both), is_there(last)) == (False, True)


def test_what_was_uploaded_and_never_saved_goes(forgotten: Callable[[], None]) -> None:
    never = stored()
    kept = stored(1)
    make_article("One", body=figure(kept))
    stored(2)
    assert is_there(never)
    forgotten()
    stored(3)
    assert (is_there(never), is_there(kept)) == (False, True)
    assert not HeldPicture.objects.filter(name=never).exists()


def test_what_an_undo_took_comes_back_with_its_pictures() -> None:
    name = stored()
    article = make_article("One", body=figure(name), status="draft")
    HeldPicture.objects.filter(article=None).delete()
    operation = operations.begin(OperationKind.UNDO)
    restoring.remove_articles([article.pk], operation)
    assert not HeldPicture.objects.exists()
    image = FieldChange.objects.get(subject_id=article.pk, field=restoring.ROW).old
    restoring.restore_articles([image], operations.begin(OperationKind.UNDO))
    assert HeldPicture.objects.get(name=name).article_id == article.pk
    # The image of an article that was removed before there were pictures has none.
    restoring.remove_articles([article.pk], operation)
    del image["pictures"]
    restoring.restore_articles([image], operations.begin(OperationKind.UNDO))
    assert Article.objects.get().body == figure(name)
    assert is_there(name)


def test_a_takedown_takes_the_pictures_and_what_the_history_has(transactional_db: None) -> None:
    shown, before, shared = stored(), stored(1), stored(2)
    article = make_article("The lamp of the harbour", body=figure(before) + figure(shared))
    make_article("Another lamp", body=figure(shared))
    fields = {"body": f"<p>The keeper of the harbour lamp is named here.</p>{figure(shown)}"}
    save_article(ArticleChange(article=article, fields=fields), actor=None)
    code, _out, errors = run(
        "redact", "--article", article.public_key.key, "--reason", "An order", "--yes"
    )
    assert code == 0, errors
    assert (is_there(shown), is_there(before), is_there(shared)) == (False, False, True)
    assert not HeldPicture.objects.filter(name__in=[shown, before]).exists()
    assert not FieldChange.objects.filter(old__icontains=before).exists()
