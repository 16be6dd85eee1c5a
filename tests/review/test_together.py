"""Editors who click and save at the same time, as real threads: no deadlock, nothing twice."""

import threading
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from articles.models import Article, Finding
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, StaleVersion
from articles.writing.merging import MergeRefused, merge_articles
from articles.writing.suggestions import CannotApply, apply_suggestion
from tests.factories import make_article
from tests.writing.test_concurrency import MOMENT, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_click_waits_for_a_save_and_is_refused() -> None:
    editor = User.objects.create_user("ed")
    article = save_article(
        ArticleChange(article=make_article("The lamp"), fields={"standfirst": "The the lamp."}),
        actor=editor,
    )
    finding = Finding.objects.get()
    inside = threading.Event()
    refused: list[CannotApply] = []

    def save() -> None:
        with transaction.atomic():
            save_article(
                ArticleChange(article=article, fields={"standfirst": "A lamp."}), actor=editor
            )
            inside.set()
            time.sleep(MOMENT)

    def click() -> None:
        inside.wait()
        try:
            apply_suggestion(finding.pk, actor=editor, expected_version=article.version)
        except CannotApply as error:
            refused.append(error)

    together(save, click)
    assert len(refused) == 1
    assert Article.objects.get().standfirst == "A lamp."


def test_two_clicks_on_one_finding_apply_it_once() -> None:
    editor = User.objects.create_user("ed")
    article = save_article(
        ArticleChange(article=make_article("The lamp"), fields={"standfirst": "The the lamp."}),
        actor=editor,
    )
    finding = Finding.objects.get()
    said: list[Any] = []

    def click() -> None:
        try:
            said.append(apply_suggestion(finding.pk, actor=editor))
        except CannotApply as error:
            said.append(error)

    together(click, click)
    assert sorted(type(one).__name__ for one in said) == ["Article", "CannotApply"]
    article.refresh_from_db()
    assert article.version == 3


def test_two_articles_are_not_merged_into_each_other() -> None:
    one, two = make_article("One"), make_article("Two")
    refused: list[Exception] = []

    def merge(survivor: Article, copy: Article) -> None:
        try:
            merge_articles(survivor.pk, copy.pk, actor=None)
        except (MergeRefused, StaleVersion) as error:
            refused.append(error)

    together(lambda: merge(one, two), lambda: merge(two, one))
    assert len(refused) == 1
    assert Article.objects.merged().count() == 1
