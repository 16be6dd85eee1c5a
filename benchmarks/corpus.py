"""An invented archive of any size, the same for the same seed: what the benchmarks measure on.

25 years of articles. Words, authors, tags and series follow Zipf's law, so that there are words
with a hundred hits and words in half of all articles, authors of one article and of a tenth of the
archive. A tenth of the articles have a body, every twelfth is in Russian, every twentieth in
French; some know their month only, some have no byline.

`load` writes through the writers' bulk path with ledger, search documents and totals, as an import
does once its plan stands: ``python -m benchmarks.corpus 100000`` fills DATABASE_URL.
"""

import argparse
import datetime
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

SEED = 1851
FIRST_YEAR, YEARS = 2000, 25
#: The share of articles that have a body.
BODIES = 0.1
#: Articles of one transaction.
CHUNK = 10_000
#: Words that stand between the others in half of the places where a sentence has one.
SMALL = {"en": ("the", "of", "and", "in", "to"), "ru": ("и", "в", "не", "на"),
         "fr": ("le", "la", "de", "et", "à")}  # fmt: skip
_SYLLABLES = {
    "en": ("ba", "ko", "ri", "ten", "mar", "sol", "vi", "dun", "lo", "wick", "fer", "ga", "hol",
           "nu", "pe", "rast", "ty", "um", "zel", "cor"),
    "ru": ("ба", "ко", "ри", "тен", "мар", "сол", "ви", "дун", "ло", "вик", "фер", "га", "хол",
           "ну", "пе", "раст", "ты", "ум", "зел", "кор"),
    "fr": ("bé", "co", "rî", "tain", "mar", "sol", "vé", "dun", "lô", "vec", "fère", "ga", "houl",
           "nu", "pê", "ras", "ty", "ume", "zèle", "cœur"),
}  # fmt: skip
_VOCABULARY = {"en": 40_000, "ru": 12_000, "fr": 12_000}


@dataclass(frozen=True, slots=True)
class Invented:
    """One article as a listing would have it; names by their number."""

    fields: dict[str, Any]
    authors: tuple[int, ...]
    tags: tuple[int, ...]
    #: The series and the number of the part.
    part: tuple[int, int | None] | None


class Zipf:
    """Draws places 0 … *count* - 1, the first most often: weight 1 / (place + *shift*)."""

    def __init__(self, count: int, shift: float = 1.0) -> None:
        self._places = range(count)
        self._weights = list(accumulate(1 / (place + shift) for place in range(count)))

    def draw(self, random_: random.Random, count: int) -> list[int]:
        """Return *count* places, drawn one by one."""
        return random_.choices(self._places, cum_weights=self._weights, k=count)


def word(place: int, language: str) -> str:
    """Return the invented word at *place* of the vocabulary of *language*."""
    syllables = _SYLLABLES[language]
    found = []
    rest = place + len(syllables)  # two syllables at least
    while rest:
        rest, syllable = divmod(rest, len(syllables))
        found.append(syllables[syllable])
    return "".join(found)


class Corpus:
    """The articles of one archive. Iterating yields *count* of them, the oldest first."""

    def __init__(self, count: int, seed: int = SEED, bodies: float = BODIES) -> None:
        self.count = count
        self.seed = seed
        self.bodies = bodies
        few = max(8, count // 4)
        self.authors = [_person(number) for number in range(min(2_000, few))]
        self.tags = [
            f"{word(number * 7 + 400, 'en')} {word(number * 3, 'en')}"
            for number in range(min(300, few))
        ]
        #: The first tenth are serials, the others columns.
        self.series = [
            f"The {word(number * 11 + 900, 'en')} {word(number, 'en')}".title()
            for number in range(min(200, few))
        ]
        self.serials = max(1, len(self.series) // 10)
        self.words = {
            language: [word(place, language) for place in range(size)]
            for language, size in _VOCABULARY.items()
        }

    def __iter__(self) -> Iterator[Invented]:
        random_ = random.Random(self.seed)
        draws = {language: Zipf(size, 30) for language, size in _VOCABULARY.items()}
        authors, tags = Zipf(len(self.authors)), Zipf(len(self.tags), 3)
        columns = Zipf(len(self.series) - self.serials)
        first = datetime.date(FIRST_YEAR, 1, 1).toordinal()
        days = datetime.date(FIRST_YEAR + YEARS, 1, 1).toordinal() - first
        parts = dict.fromkeys(range(self.serials), 0)

        def text(language: str, length: int) -> str:
            words, small = self.words[language], SMALL[language]
            found = []
            for place in draws[language].draw(random_, length):
                if random_.random() < 0.3:
                    found.append(random_.choice(small))
                found.append(words[place])
            return " ".join(found).capitalize()

        for number in range(self.count):
            day = datetime.date.fromordinal(first + number * days // self.count)
            chance = random_.random()
            language = "ru" if chance < 1 / 12 else "fr" if chance < 1 / 12 + 1 / 20 else "en"
            names = tuple(dict.fromkeys(authors.draw(random_, random_.choice((1, 1, 1, 2)))))
            fields: dict[str, Any] = {
                "headline": text(language, random_.randrange(4, 9)),
                "published_on": day.isoformat()[: 7 if random_.random() < 0.02 else 10],
                "language": language,
                "status": "published",
            }
            if random_.random() < 0.2:
                fields["kicker"] = text(language, 3)
            if random_.random() < 0.9:
                fields["standfirst"] = text(language, random_.randrange(12, 30)) + "."
            if random_.random() < self.bodies:
                fields["body"] = "".join(
                    f"<p>{text(language, random_.randrange(40, 80))}.</p>" for _ in range(4)
                )
            if random_.random() < 0.9:
                fields["byline"] = "By " + " and ".join(self.authors[name] for name in names)
            part: tuple[int, int | None] | None = None
            if (chance := random_.random()) < 0.4:
                part = (self.serials + columns.draw(random_, 1)[0], None)
            elif chance < 0.4 + 25 * self.serials / self.count:
                serial = random_.randrange(self.serials)
                parts[serial] += 1
                part = (serial, parts[serial])
                fields["part_label"] = f"Part {parts[serial]}"
            tagged = tuple(sorted(set(tags.draw(random_, random_.choice((2, 3, 3, 4))))))
            yield Invented(fields, names, tagged, part)


def _person(number: int) -> str:
    language = ("en", "en", "en", "fr", "ru")[number % 5]
    return f"{word(number % 97, language)} {word(number * 5 + 31, language)}".title()


def load(corpus: Corpus, *, chunk: int = CHUNK) -> Iterator[int]:
    """Write *corpus* into the database, one run of the ledger for each *chunk* articles.

    Yields how many stand. Ends with the renewal of statistics that ends an import.
    """
    from django.db import transaction

    from articles.choices import OperationKind
    from articles.models import Source
    from articles.search import base
    from articles.writing import new_names, operations

    with transaction.atomic():
        operation = operations.begin(OperationKind.IMPORT, reason="benchmark")
        source = Source.objects.create(name="Benchmark", key="benchmark")
        authors = new_names.create_authors([(name, "person") for name in corpus.authors], operation)
        kinds = [
            (title, "serial" if place < corpus.serials else "column")
            for place, title in enumerate(corpus.series)
        ]
        series = new_names.create_series(kinds, operation)
        tags = new_names.tags_for(corpus.tags, operation)
    ids = (
        [authors[name] for name in corpus.authors],
        [tags[name] for name in corpus.tags],
        [series[kind] for kind in kinds],
    )
    done = 0
    articles = iter(corpus)
    while batch := list(islice(articles, chunk)):
        with transaction.atomic():
            _write(source, batch, ids, done)
        done += len(batch)
        yield done
    base.optimise()


def _write(source: Any, batch: list[Invented], ids: tuple[list[int], ...], done: int) -> None:
    from articles import bulk, clock
    from articles.choices import OperationKind, Outcome
    from articles.models import ImportRun, SourceEntry, SourceListing
    from articles.writing import operations
    from articles.writing.changes import ArticleChange, Credit, Place
    from articles.writing.creating import Creation

    authors, tags, series = ids
    now = clock.now()
    name = f"part-{done:07d}.json"
    listing = SourceListing.objects.create(
        source=source, sha256=hashlib.sha256(name.encode()).hexdigest(), file_name=name,
        size=0, encoding="utf-8", input_format="json", line_count=len(batch),
    )  # fmt: skip
    run = ImportRun.objects.create(
        source=source, listing=listing, file_name=name, started=now, finished=now
    )
    operations.begin(OperationKind.IMPORT, import_run=run)
    creation = Creation()
    made = creation.create(
        [
            ArticleChange(
                fields=item.fields,
                credits=[Credit(authors[name]) for name in item.authors],
                tags=[tags[name] for name in item.tags],
                parts=[Place(series[item.part[0]], item.part[1])] if item.part else [],
                from_source=True,
            )
            for item in batch
        ]
    )
    entries = []
    for place, (item, article) in enumerate(zip(batch, made, strict=True)):
        text = json.dumps(item.fields, ensure_ascii=False)
        print_ = hashlib.sha256(text.encode()).hexdigest()
        entries.append(
            (listing.pk, run.pk, article.pk, place, place + 1, place + 1, text, item.fields,
             print_, 1.0, Outcome.CREATE)
        )  # fmt: skip
    columns = ("listing", "run", "article", "ordinal", "first_line", "last_line", "text", "values",
               "fingerprint", "confidence", "change")  # fmt: skip
    bulk.insert(SourceEntry, columns, entries)
    creation.finish()


def main() -> int:
    """Fill DATABASE_URL, which must be migrated and empty."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--bodies", type=float, default=BODIES, help="share that have a body")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    started = time.perf_counter()
    for done in load(Corpus(options.count, options.seed, options.bodies)):
        rate = done / (time.perf_counter() - started)
        print(f"{done:,} articles, {rate:,.0f} a second", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
