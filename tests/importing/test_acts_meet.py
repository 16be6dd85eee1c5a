"""Where one act meets another: undo meets merge, merge meets merge, and nothing breaks."""

import gzip
import time
from pathlib import Path

import pytest
from django.db import connection

from articles.importing.files import UnreadableFile
from articles.importing.reading import read_listing
from articles.importing.undoing.undo import REDO, take_back
from articles.models import Article
from articles.writing import checking
from articles.writing.merging import merge_articles
from articles.writing.name_merging import merge_named
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_series
from tests.importing.undoing import entry, import_entries, undo

pytestmark = pytest.mark.django_db


def test_a_redo_leaves_alone_what_was_merged_meanwhile(tmp_path: Path) -> None:
    run = import_entries(tmp_path, entry(1), entry(2))
    merged, other = Article.objects.order_by("pk")
    survivor = make_article("The one that stays")
    undo(run)
    merge_articles(survivor.pk, merged.pk, actor=None)
    take_back(run, REDO)
    merged.refresh_from_db()
    other.refresh_from_db()
    assert (merged.status, merged.merged_into_id) == ("withdrawn", survivor.pk)
    assert other.status == "published"
    assert list(checking.check()) == []


def test_an_article_comes_back_into_what_its_series_was_merged_into() -> None:
    gone, stays = make_series("Bells"), make_series("Bells and chains")
    survivor = make_article("Of the chain")
    copy = make_article("Of the bell", series=[(gone, 3)])
    merge_articles(survivor.pk, copy.pk, actor=None)
    merge_named(stays, [gone], actor=None)
    unmerge_article(copy.pk, actor=None)
    connection.check_constraints()
    copy.refresh_from_db()
    assert copy.status == "published"
    assert list(copy.parts.values_list("series", "part_number")) == [(stays.pk, 3)]
    assert not survivor.parts.exists()
    assert list(checking.check()) == []


def test_a_gzip_file_of_countless_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "members.txt.gz"
    path.write_bytes(gzip.compress(b"x", mtime=0) * 50_000)
    started = time.process_time()
    with pytest.raises(UnreadableFile, match="gzip members"):
        read_listing(path)
    assert time.process_time() - started < 2


def test_a_line_of_spaces_takes_no_time(tmp_path: Path) -> None:
    def seconds(spaces: int) -> float:
        path = tmp_path / f"{spaces}.txt"
        path.write_text(
            " " * spaces + "x\n\nBy Ana Brandt, 3 May 2021\n\nText of it.\n", encoding="utf-8"
        )
        started = time.process_time()
        read_listing(path)
        return time.process_time() - started

    few, many = seconds(500_000), seconds(2_000_000)
    # Four times as much, and what a busy machine adds; sixteen, if it grew with the square.
    assert many < 8 * few
    assert many < 5
