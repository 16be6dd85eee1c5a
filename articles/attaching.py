"""Which article a file is of, by its name."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from articles.models import Article
from articles.public_keys import is_key, normalise_key
from articles.querysets import ArticleQuerySet

_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ _.-]+(.*))?")
_KEYED = re.compile(r"([0-9A-Za-z]{8})(?:[ _.-]+(.*))?")


@dataclass(frozen=True, slots=True)
class Found:
    """A file with the article that its name tells and the title that is left of it, or the reason
    why it tells none."""

    path: Path
    article: Article | None
    title: str = ""
    reason: str = ""


def find_articles(paths: Sequence[Path]) -> Iterator[Found]:
    """Yield each of *paths* with its article."""
    for path in paths:
        yield _find(path)


def _find(path: Path) -> Found:
    name = path.stem
    rows = Article.objects.filter(redacted=None)
    keyed = _KEYED.fullmatch(name)
    if keyed and is_key(normalise_key(keyed[1])):
        article = rows.filter(public_key__key=normalise_key(keyed[1])).first()
        if article is not None:
            return Found(path, article, _title(keyed[2]))
    dated = _DATED.fullmatch(name)
    day = _day(dated[1]) if dated else None
    slug, _between, rest = name.partition("--")
    if dated and day is not None:
        of_day = rows.filter(published_on=day, date_precision="day")
        # The date and the slug, as an address has them.
        for text, title in ((dated[2] or "", ""), *_parted(dated[2] or "")):
            exact = of_day.filter(slug=text.lower()).first() if text else None
            if exact is not None:
                return Found(path, exact, _title(title))
        return _only(path, of_day, _title(dated[2]), f"dated {dated[1]}")
    return _only(
        path, rows.filter(slug=slug.lower()), _title(rest), f"with the slug {slug.lower()}"
    )


def _parted(text: str) -> list[tuple[str, str]]:
    slug, between, rest = text.partition("--")
    return [(slug, rest)] if between else []


def _only(path: Path, rows: ArticleQuerySet, title: str, words: str) -> Found:
    found = list(rows.order_by("pk")[:2])
    if len(found) == 1:
        return Found(path, found[0], title)
    many = "several articles are" if found else "no article is"
    return Found(path, None, reason=f"{many} {words}")


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _title(text: str | None) -> str:
    return re.sub(r"[_-]+", " ", text or "").strip()
