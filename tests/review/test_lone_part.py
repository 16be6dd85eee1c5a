"""A lone "second part of a two-part …": a proposal with its lines, confirmed by one click."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.choices import FindingState
from articles.models import Finding, Part, Series
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.importing.listings import run

pytestmark = pytest.mark.django_db

LISTING = """The harbour archive

The bell of Ostrany
By Mira Oldcastle, 3 May 2021
This is the second part of a two-part history of the bell.

The fog at the quay
By Tomasz Brandt, 2 May 2021
Nobody could see the lamp for a week.
"""


def listing(folder: Path, text: str = LISTING) -> Path:
    path = folder / "listing.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_has_its_lines_and_one_click_makes_the_serial(
    tmp_path: Path, client: Client, admin_user: User
) -> None:
    run("import_listing", listing(tmp_path), "--yes")
    finding = Finding.objects.get(code="part-in-standfirst")
    assert finding.evidence["lines"] == [3, 5]
    assert finding.source_entry is not None
    client.force_login(admin_user)
    address = f"/admin/articles/finding/{finding.pk}/change/"
    page = client.get(address).content.decode()
    assert "A new series “The bell of Ostrany” is made with 1 article." in page
    assert '<li class="about"><span class="number">5</span>' in page
    assert page.count('class="about"') == 1
    token = page.split('name="shown" value="')[1].split('"')[0]
    shown = {"shown": token, f"was-{finding.pk}": finding.state}
    client.post(reverse("admin:articles_finding_confirm", args=[finding.pk]), shown)
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    part = Part.objects.get()
    assert (part.series.title, part.series.kind, part.part_number) == (
        "The bell of Ostrany", "serial", 2,
    )  # fmt: skip
    assert part.article == finding.article
    # What is missing before it is shown at once.
    assert "part 1 is not" in Finding.objects.get(code="part-gap").message


def test_not_a_problem_is_remembered_and_lines_stay_with_later_reviews(tmp_path: Path) -> None:
    path = listing(tmp_path)
    run("import_listing", path, "--yes")
    run("find_doubts")
    finding = Finding.objects.get(code="part-in-standfirst")
    assert (finding.state, finding.evidence["lines"]) == (FindingState.OPEN, [3, 5])
    Finding.objects.update(state=FindingState.DISMISSED)
    run("import_listing", path, "--yes")
    newer = LISTING.replace("The fog", "Some fog")
    run("import_listing", listing(tmp_path, newer), "--yes")
    run("find_doubts")
    assert Finding.objects.get(code="part-in-standfirst").state == FindingState.DISMISSED
    assert not Series.objects.exists()


def test_it_ends_when_an_editor_writes_the_standfirst_anew(
    tmp_path: Path, admin_user: User
) -> None:
    run("import_listing", listing(tmp_path), "--yes")
    finding = Finding.objects.get(code="part-in-standfirst")
    assert finding.article is not None
    change = ArticleChange(article=finding.article, fields={"standfirst": "A history."})
    save_article(change, actor=admin_user)
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED


def test_one_part_is_doubted_once(tmp_path: Path) -> None:
    """A part label and the standfirst say the same: one proposal is enough."""
    text = LISTING.replace("The bell of Ostrany\n", "The bell of Ostrany\nPart 2: Tin\n")
    run("import_listing", listing(tmp_path, text), "--yes")
    run("find_doubts")
    codes = list(Finding.objects.values_list("code", flat=True))
    assert codes == ["part-alone"]
