"""What the archive knows of a source's earlier listings, a few bytes for each entry.

A source may have a million entries, and a new version of its listing touches few of them. So only
what tells whether one is touched is held for all; texts and values are read for those asked for.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from articles.choices import FindingState
from articles.importing import matching, merged, selections
from articles.importing.records import AMBIGUOUS_ENTRY, REJECT, REVIEW, KnownEntry, Values
from articles.importing.undoing import undone
from articles.models import Finding, ImportRun, SourceEntry
from articles.writing.index import batches

_LATEST, _LEFT, _WAITS = 1, 2, 4
_UNDECIDED = (REVIEW, REJECT)


class KnownEntries:
    """The entries of a source that count, by fingerprint; of several versions the newest.

    See `articles.importing.matching.Known`. Each carries the values that its article was given
    last, whichever version that was.
    """

    def __init__(self, source_key: str) -> None:
        self._digests = bytearray()
        self._firsts = array("Q")
        self._ids, self._roots, self._articles = array("q"), array("q"), array("q")
        self._said, self._applied = array("q"), array("q")
        self._ordinals, self._flags, self._changes = array("l"), bytearray(), bytearray()
        self._names: list[str] = []
        self._own = selections.Ids(())
        #: The articles of the entries of copies, before they were led on.
        self._copies: dict[int, int] = {}
        self._former: dict[int, int] = {}
        self._places: array[int] | None = None
        self._source_key = source_key
        self._read()
        self.shared = self._find_shared()

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, digest: bytes) -> int:
        """Return the place of the entry with this fingerprint; -1 if there is none."""
        return matching.find_sorted(self._digests, self._firsts, digest)

    def target(self, place: int) -> matching.Target:
        """Return what stands for the article of the entry at *place*; see `identity`."""
        if article := self._articles[place]:
            return "article", article
        if place in self._former:
            return "deleted", self._former[place]
        return "entry", self._roots[place]

    def article(self, place: int) -> int | None:
        """Return the article of the entry at *place*."""
        return self._articles[place] or None

    def change(self, place: int) -> str:
        """Return what became of the entry at *place*."""
        return self._names[self._changes[place]]

    def ordinal(self, place: int) -> int:
        """Return where the entry at *place* stood in its listing."""
        return self._ordinals[place]

    def in_latest(self, place: int) -> bool:
        """Whether the entry at *place* stands in the newest listing."""
        return bool(self._flags[place] & _LATEST)

    def is_expected(self, place: int) -> bool:
        """Whether the entry is looked for: the newest listing has it, or an undo left it."""
        return bool(self._flags[place] & (_LATEST | _LEFT))

    def latest_at(self, ordinal: int) -> int:
        """Return the place of the entry that stands there in the newest listing, else -1."""
        if self._places is None:
            self._places = array("l", [-1]) * (max(self._ordinals, default=-1) + 1)
            for place in range(len(self)):
                if self.in_latest(place):
                    self._places[self._ordinals[place]] = place
        return self._places[ordinal] if 0 <= ordinal < len(self._places) else -1

    def leads_to(self, articles: Iterable[int]) -> set[int]:
        """Return those of *articles* that entries lead to."""
        wanted = set(articles)
        return {article for article in self._articles if article in wanted}

    def in_order(self, places: Iterable[int]) -> list[int]:
        """Return *places* in the order in which their entries were stored."""
        return sorted(places, key=self._ids.__getitem__)

    def load(self, places: Iterable[int]) -> dict[int, KnownEntry]:
        """Return the entries at *places*, by place, with their values."""
        wanted = list(places)
        stated = self._stated_of(wanted)
        values = values_of(
            root
            for place in wanted
            for root in (self._said[place], self._applied[place], stated.get(place, 0))
        )
        return {
            place: KnownEntry(
                id=self._ids[place],
                root_id=self._roots[place],
                article=self.article(place),
                change=self.change(place),
                fingerprint=self._digests[place * 32 : place * 32 + 32].hex(),
                values=values[self._said[place]],
                in_latest=self.in_latest(place),
                ordinal=self._ordinals[place],
                waits=bool(self._flags[place] & _WAITS),
                stated=values.get(stated.get(place, 0)),
                applied=values.get(self._applied[place]),
                is_left=bool(self._flags[place] & _LEFT),
                former=self._former.get(place),
                copy=self._copies.get(place),
            )
            for place in wanted
        }

    def all(self) -> Iterator[KnownEntry]:
        """Yield all entries."""
        for chunk in batches(range(len(self))):
            yield from self.load(chunk).values()

    def _read(self) -> None:
        key = self._source_key
        parts = selections.runs_of(key)
        self._own = own = selections.own_words(key, parts)
        newest_run, latest = (
            ImportRun.objects.filter(source__key=key, undone=None)
            .exclude(pk__in=parts)
            .order_by("-id")
            .values_list("id", "listing_id")
            .first()
        ) or (None, None)
        left = undone.left_behind(key, newest_run) - parts
        # By run: an older file imported again is what the source said last.
        rows = undone.standing(key).order_by("fingerprint", "run_id", "id")
        once = array("q")
        for print_, versions in groupby(
            rows.values_list(
                "fingerprint", "id", "unchanged_from_id", "article_id", "change", "run_id"
            ).iterator(),
            key=lambda row: row[0],
        ):
            newest, flags = None, 0
            for _print, pk, root, article, change, run in versions:
                if pk in own and article is not None:
                    continue
                newest = pk, root or pk, article or 0, change
                once.append(article or 0)
                if run in left:
                    flags = _LEFT
            if newest is not None:
                self._add(bytes.fromhex(print_), newest, flags)
        self._note_versions(once)
        self._note_latest(latest)
        self._note_waiting()
        deleted = {self._ids[at]: at for at, article in enumerate(self._articles) if not article}
        former = undone.former_articles(deleted)
        self._former = {deleted[pk]: article for pk, article in former.items()}
        self._follow_merges()

    def _add(self, digest: bytes, row: tuple[int, int, int, str], flags: int) -> None:
        pk, root, article, change = row
        if change not in self._names:
            self._names.append(change)
        self._digests += digest
        self._firsts.append(int.from_bytes(digest[:8]))
        self._ids.append(pk)
        self._roots.append(root)
        self._articles.append(article)
        self._said.append(root)
        self._applied.append(0 if not article or change in _UNDECIDED else root)
        self._ordinals.append(0)
        self._flags.append(flags)
        self._changes.append(self._names.index(change))

    def _stated_of(self, places: Iterable[int]) -> dict[int, int]:
        """Return the entry that has what the archive itself said last, in a listing that it wrote,
        of the articles of the entries at *places*: by place."""
        if not self._own:
            return {}
        articles = {place: self._copies.get(place, self._articles[place]) for place in places}
        last: dict[int, int] = {}
        for chunk in batches(sorted(set(articles.values()) - {0})):
            rows = undone.standing(self._source_key).filter(article__in=chunk)
            for pk, root, article in rows.order_by("run_id", "id").values_list(
                "id", "unchanged_from_id", "article_id"
            ):
                if article is not None and pk in self._own:
                    last[article] = root or pk
        return {place: last[article] for place, article in articles.items() if article in last}

    def _note_versions(self, articles: "array[int]") -> None:
        """Find what was said last of articles that several entries, or versions of one, are of."""
        several = repeated(articles)
        if not several:
            return
        said: dict[int, int] = {}
        applied: dict[int, int] = {}
        for chunk in batches(sorted(several)):
            rows = undone.standing(self._source_key).filter(article__in=chunk)
            for pk, root, article, change in rows.order_by("run_id", "id").values_list(
                "id", "unchanged_from_id", "article_id", "change"
            ):
                if article is not None and pk not in self._own:
                    said[article] = root or pk
                    if change not in _UNDECIDED:
                        applied[article] = root or pk
        for place, article in enumerate(self._articles):
            if article in several:
                self._said[place] = said[article]
                self._applied[place] = applied.get(article, 0)

    def _note_latest(self, listing: int | None) -> None:
        """Note where each entry stands in the newest *listing*: whichever run read it first, and
        whether that one was undone since or not."""
        rows = SourceEntry.objects.filter(listing=listing).order_by("id")
        for print_, ordinal in rows.values_list("fingerprint", "ordinal").iterator():
            place = self.find(bytes.fromhex(print_))
            if place >= 0:
                self._flags[place] |= _LATEST
                self._ordinals[place] = ordinal

    def _note_waiting(self) -> None:
        """Note the entries whose ambiguity no editor has settled."""
        rows = Finding.objects.filter(
            source_entry__listing__source__key=self._source_key,
            code=AMBIGUOUS_ENTRY,
            state=FindingState.OPEN,
        )
        for print_ in rows.values_list("source_entry__fingerprint", flat=True):
            place = self.find(bytes.fromhex(print_ or ""))
            if place >= 0:
                self._flags[place] |= _WAITS

    def _follow_merges(self) -> None:
        """Let the entries of copies lead on to the survivor."""
        led = merged.survivors()
        if not led:
            return
        concerned = led.keys() | set(led.values())
        leads = merged.leads(
            (
                (str(place), article or None, self.in_latest(place))
                for place, article in enumerate(self._articles)
                if article in concerned
            ),
            led,
        )
        for text, article_ in leads.items():
            place = int(text)
            self._copies[place] = self._articles[place]
            self._articles[place] = article_ or 0

    def _find_shared(self) -> frozenset[matching.Target]:
        several = repeated(self._articles)
        others = Counter(self.target(p) for p in range(len(self)) if not self._articles[p])
        return frozenset(
            [("article", article) for article in several]
            + [target for target, times in others.items() if times > 1]
        )


def repeated(ids: "array[int]") -> set[int]:
    """Return the ids, other than nought, that stand more than once among *ids*."""
    seen = bytearray(max(ids, default=0) + 1)
    found: set[int] = set()
    for one in ids:
        if one and seen[one]:
            found.add(one)
        seen[one] = 1
    return found


def values_of(entry_ids: Iterable[int]) -> dict[int, Values]:
    """Return the values that these source entries hold."""
    found: dict[int, Values] = {}
    for chunk in batches(sorted(set(entry_ids) - {0})):
        rows = SourceEntry.objects.filter(pk__in=chunk).values_list("id", "values")
        found |= {pk: values or {} for pk, values in rows}
    return found
