"""manage.py export_listing: a selection of the archive as a listing that can be imported again."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from articles.choices import Status
from articles.filters import ArticleFilter, BadQuery
from articles.folding import fold
from articles.importing.export import listing_chunks
from articles.importing.plan import KEY_LENGTH
from articles.models import Article, PublicKey, Source, SourceEntry
from articles.public_keys import normalise_key
from articles.querysets import ArticleQuerySet
from articles.search import base
from articles.writing.index import batches

USAGE = 2
#: Parameters of a public list that choose articles; the others say what is shown of them.
_CHOOSING = {"q", "author", "tag", "series", "year", "month", "byline"}


class Command(BaseCommand):
    help = (
        "Write articles as plain text (docs/importing.md), to standard output or to --output."
        " Importing it again changes nothing. Without options: all that is public."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--source", metavar="NAME", help="only what this source brought")
        parser.add_argument(
            "--query",
            metavar="QUERY",
            help="only what a public list with this query shows: 'author=…&year=…', also q=words",
        )
        parser.add_argument(
            "--key", metavar="KEY", action="append", default=[], help="only these; repeatable"
        )
        parser.add_argument(
            "--drafts",
            action="store_true",
            help="also drafts, what is in review and what is scheduled; not with --query",
        )
        parser.add_argument("--output", metavar="FILE", help="write the listing there")

    def handle(self, *args: Any, **options: Any) -> None:
        articles, title = self.selected(options)
        if not articles.filter(sort_key__isnull=False).exists():
            raise CommandError("Nothing to export.", returncode=USAGE)
        undated = articles.filter(sort_key__isnull=True).count()
        count = 0
        try:
            with self.target(options["output"]) as write:
                for text, number in listing_chunks(articles, title):
                    write(text)
                    count += number
        except BrokenPipeError:
            # The reader has read enough (``| head``).
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            name = options["output"] or "standard output"
            raise CommandError(f"{name}: {error.strerror or error}", returncode=USAGE) from error
        left_out = f"; {undated} without a date left out" if undated else ""
        self.stderr.write(f"{count} articles written{left_out}.")

    def selected(self, options: dict[str, Any]) -> tuple[ArticleQuerySet, str]:
        """Return the articles that the options choose, and the name of the listing."""
        if options["drafts"] and options["query"]:
            raise CommandError(
                "--query finds what is public: leave out --drafts.", returncode=USAGE
            )
        if options["drafts"]:
            articles = Article.objects.exclude(status=Status.WITHDRAWN)
        else:
            articles = Article.objects.published()
        title = settings.SITE_NAME
        if options["source"]:
            source = Source.objects.filter(key=fold(options["source"])[:KEY_LENGTH]).first()
            if source is None:
                raise CommandError(f"There is no source “{options['source']}”.", returncode=USAGE)
            entries = SourceEntry.objects.filter(listing__source=source, article__isnull=False)
            articles = articles.filter(pk__in=entries.values("article"))
            title = source.name
        if options["query"]:
            articles = matching(articles, options["query"])
        if options["key"]:
            articles = articles.filter(pk__in=self.keyed(options["key"], articles))
        return articles, title

    def keyed(self, keys: list[str], articles: ArticleQuerySet) -> list[int]:
        """Return the ids behind permanent keys; refuse one that leads to none of *articles*."""
        wanted = {normalise_key(key.strip()): key for key in keys}
        found: dict[str, int] = {}
        for chunk in batches(sorted(wanted)):
            rows = PublicKey.objects.filter(key__in=chunk, article__in=articles)
            found |= {key: pk for key, pk in rows.values_list("key", "article_id") if pk}
        if missing := [given for key, given in wanted.items() if key not in found]:
            raise CommandError(
                f"No article to export has the key {', '.join(missing[:5])}."
                " (--drafts adds what is not public.)",
                returncode=USAGE,
            )
        return list(found.values())

    @contextmanager
    def target(self, name: str | None) -> Iterator[Callable[[str], object]]:
        """Yield what writes: a file appears under its name only when it is whole."""
        if name is None:
            yield partial(self.stdout.write, ending="")
            self.stdout.flush()
            return
        path = Path(name)
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file.write
            return
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as file:
                yield file.write
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def matching(articles: ArticleQuerySet, query: str) -> ArticleQuerySet:
    """Return those of *articles* that a public list with *query* shows."""
    data = QueryDict(query.removeprefix("?"))
    if unknown := sorted(set(data) - _CHOOSING):
        raise CommandError(
            f"--query: {', '.join(unknown)} chooses no articles; known are"
            f" {', '.join(sorted(_CHOOSING))}.",
            returncode=USAGE,
        )
    try:
        criteria = ArticleFilter(data).criteria
    except BadQuery as error:
        raise CommandError(f"--query: {error}", returncode=USAGE) from error
    found = articles.matching(criteria)
    return base.search(found, criteria.text).queryset if criteria.text else found
