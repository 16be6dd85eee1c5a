"""Lines that hold several fields: which stand in which order, learned from the whole file.

Lines cut in the same way (``segments``) are one kind of row. What their columns are is told by all
of them together: names make a byline, texts that come again a section, what differs a headline.
A column may hold two fields still, in a weaker division ("Title, A", "A: Title", "Title by A"); it
is taken for one where most of its texts have it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from articles.folding import fold
from articles.listing.column_texts import FEWEST, Texts
from articles.listing.columns import (
    DIVISIONS,
    Cut,
    behind_in,
    divide,
    is_name,
    quoted_in,
    says_in,
)
from articles.listing.credit_edges import byline_in
from articles.listing.issues import issue_line
from articles.listing.papers import is_numbered_paper, is_paper
from articles.listing.row_kinds import (
    Column,
    Row,
    are_below_numbers,
    fields_of,
    is_heading_like,
    kind_of,
    signature_of,
)
from articles.listing.row_reading import read_row
from articles.listing.segments import Reader, Segment
from articles.listing.table_heads import head_of

#: Fewest rows of a kind, and least share of all lines, and of the lines with a date.
_LEAST_SHARE = 0.1
_LEAST_OF_DATED = 0.34
_MOST_KINDS = 4
_MOST_DIVISIONS = 3
#: Shares of a column's texts from which it holds names, or cannot be headlines for the names in it.
_NAMES = 0.55
_SOME_NAMES = 0.15
_ONLY_NAMES = 0.8
#: Shares of its texts from which a column is divided; less where a word says so.
_DIVIDED = 0.6
_DIVIDED_BY = 0.34
_BY_DIVISION = "name-behind-by"
_PROSE = 0.6
_LONGEST_PROSE_HEADLINE = 45
_AGAIN, _ALL_DISTINCT, _FURTHER = 0.3, 0.95, 0.05
_SECTIONS = 0.75
_REPEATED = 0.75
_RESTS = 0.7
#: Least share of papers by their words where all texts end in what comes again.
_SOME_PAPERS = 0.3
_PAPER_DIVISION = "text-behind-comma"
#: Score of a row from which it fits a kind that it lacks a field of, and least share of such rows.
_FITS = 6.0
_SHORTER = 0.6
#: Signs that part the way to a page, where no date stands among them.
_CRUMBS = frozenset("»>→")

Lines = list[tuple[str, list[Segment]]]


def learn(texts: Sequence[str], reader: Reader, names: frozenset[str]) -> tuple[Row, ...]:
    """Return the kinds of rows that *texts*, the lines of a file that are not blank, have."""
    kinds: dict[str, Lines] = defaultdict(list)
    head: list[str] = []
    for text in texts:
        if reader.calendar is not None and reader.calendar.heading(text):
            continue
        segments = reader.segments(text)
        found = head_of(text, segments)
        if found is not None:
            head = head or (found[1:] if reader.numbers and found[0] == "N" else found)
            continue
        segments = fields_of(segments)
        key = signature_of(segments)
        if key == "x" and (
            not is_heading_like(text, segments[0], names) or byline_in(text) is not None
        ):
            continue
        kinds[key].append((text, segments))
    dated = sum(len(lines) for key, lines in kinds.items() if "D" in key)
    rows: list[Row] = []
    for key in sorted(kinds, key=lambda key: -len(kinds[key])):
        lines = kinds[key]
        if len(lines) < max(FEWEST, _LEAST_SHARE * len(texts)) or len(rows) >= _MOST_KINDS:
            break
        if key in ("", "D", "V"):
            continue
        if "D" not in key and (len(lines) < _LEAST_OF_DATED * dated or set(key) & _CRUMBS):
            continue
        if rows and "H" in rows[0].roles and _are_shorter(lines, rows, names):
            continue
        below = are_below_numbers([text for text, _ in lines], texts, reader)
        row = _Learner(key, lines, names, head, below=below).row()
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _are_shorter(lines: Lines, rows: Sequence[Row], names: frozenset[str]) -> bool:
    """Tell whether most *lines* are rows of a kind that is known, with a field less or more."""
    read = [read_row(text, segments, rows, names) for text, segments in lines]
    fitting = sum(form is not None and form.score >= _FITS for form in read)
    return fitting > _SHORTER * len(lines)


@dataclass(slots=True)
class _Learner:
    """Learns what the columns of *lines*, all of one signature, are."""

    key: str
    lines: Lines
    names: frozenset[str]
    # The roles that the head of a table names, if there is one.
    head: list[str]
    # Whether they stand below headlines with numbers.
    below: bool = False

    def row(self) -> Row | None:
        """Return the kind of row; None if the lines are none, or it cannot be told."""
        first = self.lines[0][1]
        places = [place for place, segment in enumerate(first) if kind_of(segment) == "x"]
        texts = [self._texts(place) for place in places]
        if not places:
            return None
        divided: list[tuple[str, ...]] = [()] * len(places)
        sure = True
        told = self._is_headed(first)
        if told:
            roles = [self.head[place] for place in places]
        else:
            divided = [self._divisions(place) for place in places]
            texts = [self._texts(*both) for both in zip(places, divided, strict=True)]
            columns = [Texts.of(found, self.names) for found in texts]
            for place, column in zip(places, columns, strict=True):
                said = sum(segments[place].kind == "b" for _, segments in self.lines)
                column.names = 1.0 if said > len(self.lines) / 2 else column.names
            if len(columns) > 1 and all(column.names >= _ONLY_NAMES for column in columns):
                # "A / B": a credit of two, and no headline.
                return None
            taken = "".join(DIVISIONS[name].other for names in divided for name in names)
            assigned = _assign(columns, taken, dated="D" in self.key)
            if assigned is None:
                return None
            roles, sure = assigned
            sure = sure and not any(column.placed for column in columns)
            if roles == ["B"] and _PAPER_DIVISION in divided[0]:
                # What differs before papers are titles, however much like names.
                roles = ["H"]
            if roles == ["H"] and self.below:
                # "7. Title" / "A, Paper, 3 May 2020", "Paper, 4 May 2020".
                roles, divided = ["B"], [(_PAPER_DIVISION,)]
            if columns[-1].prose >= _PROSE and _are_places(texts[0]):
                # "SALTMOUTH — The crane has a name."; with its agency it is a text as it stands.
                if len(columns) != 2:
                    return None
                roles = ["N", "F"]
        for place, role, found in zip(places, roles, texts, strict=True):
            if (
                not told
                and first[place].sign == "("
                and not _may_stand_in_brackets(role, set(found), dated="D" in self.key)
            ):
                return None
        done = tuple(map(Column, roles, divided))
        letters = self._letters(done)
        if not letters or len(set(letters)) != len(letters) or letters == self.key:
            return None
        if len(letters) == 1 and all(column.role in "HSF" for column in done):
            return None
        known = {
            fold(text)
            for role, found in zip(roles, texts, strict=True)
            if role in "KJ"
            for text in found
        }
        if told:
            return Row(self.key, done, letters, frozenset(), True, len(self.lines), told)
        titles = [found for role, found in zip(roles, texts, strict=True) if role == "H"]
        quoted = bool(titles) and all(quoted_in(text) is not None for text in titles[0])
        return Row(self.key, done, letters, frozenset(known), sure, len(self.lines), quoted=quoted)

    def _is_headed(self, first: Sequence[Segment]) -> bool:
        """Tell whether the head of a table stands over lines cut like *first*; cells at the end may
        be empty.
        """
        head = self.head
        return 0 <= len(head) - len(first) <= 2 and all(
            (role == "D") == (segment.kind == "D") or segment.kind == "e"
            for role, segment in zip(head, first, strict=False)
        )

    def _texts(self, place: int, divisions: Sequence[str] = ()) -> list[str]:
        """Return the texts of a column, without what *divisions* cut off."""
        found = []
        for text, segments in self.lines:
            if segments[place].kind != "e":
                *_, (_, start, end) = divide(
                    text, segments[place].start, segments[place].end, divisions, self.names
                )
                found.append(text[start:end])
        return found

    def _letters(self, columns: Sequence[Column]) -> str:
        """Return the letters of the fields in the order in which most lines have them."""
        orders: Counter[str] = Counter()
        dated = [
            place
            for place, segment in enumerate(self.lines[0][1])
            if segment.kind == "V" and "D" not in self.key and self._is_dated(place)
        ]
        for text, segments in self.lines:
            found, texts = [], iter(columns)
            for place, segment in enumerate(segments):
                if kind_of(segment) == "x":
                    column = next(texts)
                    found += [
                        (start, role or column.role)
                        for role, start, _ in divide(
                            text, segment.start, segment.end, column.divisions, self.names
                        )
                    ]
                elif segment.kind == "D" or place in dated:
                    found.append((segment.start, "D"))
            orders["".join(role for _, role in sorted(found) if role in "KHSBDF")] += 1
        # Of the orders of all fields the commonest: some lines have fewer.
        most = max(map(len, orders))
        return max((order for order in orders if len(order) == most), key=lambda o: orders[o])

    def _is_dated(self, place: int) -> bool:
        """Tell whether most issues in a column are printed with their date."""
        issues = (issue_line(text[s[place].start : s[place].end]) for text, s in self.lines)
        dated = sum(issue is not None and issue.date is not None for issue in issues)
        return dated > len(self.lines) / 2

    def _divisions(self, place: int) -> tuple[str, ...]:
        """Return how most texts of a column divide into fields, one division after the other."""
        found: list[str] = []
        texts = [(text, s[place]) for text, s in self.lines if s[place].kind != "e"]
        if len(texts) < FEWEST or sum(s.kind == "b" for _, s in texts) > len(texts) / 2:
            return ()
        parts = [(text, s.start, s.end) for text, s in texts]
        if sum(is_numbered_paper(text[a:b]) for text, a, b in parts) > len(parts) / 2:
            # "Paper, Vol. 3, No. 4" is a publication as it stands.
            return ()
        while len(found) < _MOST_DIVISIONS:
            taken = {DIVISIONS[name].other for name in found}
            name = self._division(parts, taken)
            if name is None:
                break
            found.append(name)
            parts = [
                (text, *(cut[0] if cut is not None else (start, end)))
                for text, start, end in parts
                for cut in [DIVISIONS[name].cut(text, start, end, self.names)]
            ]
        return tuple(found)

    def _division(self, parts: Sequence[tuple[str, int, int]], taken: set[str]) -> str | None:
        by = DIVISIONS[_BY_DIVISION]
        if by.other not in taken:
            said = [by.cut(text, start, end, self.names) for text, start, end in parts]
            if sum(cut is not None for cut in said) > _DIVIDED * len(parts):
                # "HEADLINE, von A": names with "von" in them are not divided.
                return _BY_DIVISION
        names = sum(is_name(text[start:end], self.names) for text, start, end in parts)
        if names > _NAMES * len(parts):
            return None
        if "J" not in taken and self._has_papers(parts):
            return _PAPER_DIVISION
        for name, division in DIVISIONS.items():
            if division.other in taken or name == _PAPER_DIVISION:
                continue
            cuts = [(text, division.cut(text, a, b, self.names)) for text, a, b in parts]
            cut = [(text, found) for text, found in cuts if found is not None]
            least = _DIVIDED_BY if division.says_by else _DIVIDED
            if len(cut) < max(FEWEST, least * len(parts)) or not _sorts(division.other, cut):
                continue
            named = sum(
                is_name(text[a:b], self.names) and not says_in(text, a) for text, (_, (a, b)) in cut
            )
            if division.other == "B" or named < _NAMES * len(cut):
                return name
        return None

    def _has_papers(self, parts: Sequence[tuple[str, int, int]]) -> bool:
        """Tell whether all texts end in what comes again, and is seen to be a paper in some."""
        cut = DIVISIONS[_PAPER_DIVISION].cut
        ends, heads = [], set()
        for text, start, end in parts:
            found = cut(text, start, end, self.names)
            if found is None:
                return False
            heads.add(fold(text[slice(*found[0])]))
            ends.append(text[slice(*found[1])])
        return (
            len(ends) >= FEWEST
            and len(set(ends)) <= _SECTIONS * len(ends)
            and len(heads) == len(ends)
            and sum(map(is_paper, ends)) >= _SOME_PAPERS * len(ends)
        )


def _may_stand_in_brackets(role: str, texts: Set[str], *, dated: bool) -> bool:
    """Tell whether what stands in brackets in all rows is no part of their titles: it names or
    sorts, or is the same word in all that have a date: "3 May Title (Paper)", not "Title […]"."""
    if role == "N":
        return dated and len(texts) == 1 and any(map(str.isalnum, *texts))
    return role in "BJ" or (role == "K" and len(texts) > 1)


def _are_places(texts: Sequence[str]) -> bool:
    """Tell whether texts before a date and prose are places in capitals, as agencies print them."""
    single = sum(len(text.split()) == 1 for text in texts)
    return all(text.isupper() for text in texts) and single >= len(texts) / 2


def _sorts(other: str, cuts: Sequence[tuple[str, Cut]]) -> bool:
    """Tell whether sections or papers divided off are such: they come again, the rest does not."""
    parts = {fold(text[start:end]) for text, (_, (start, end)) in cuts}
    rests = {fold(text[start:end]) for text, ((start, end), _) in cuts}
    if other == "B":
        # What comes again is no headline, and what never does beside it no name.
        return len(rests) > _REPEATED * len(cuts) or len(parts) <= len(rests)
    if len(parts) > _SECTIONS * len(cuts):
        return False
    if other == "J":
        return True
    if all(behind_in(text[start:end]) for text, (_, (start, end)) in cuts):
        return False
    return len(parts) > 1 and len(rests) >= _RESTS * len(cuts)


def _assign(columns: Sequence[Texts], taken: str, *, dated: bool) -> tuple[list[str], bool] | None:
    """Return the role of each column, and whether more than their order told them apart."""
    roles: list[str] = [""] * len(columns)
    # Names come again, titles do not; of two columns that may be names the first is one rather.
    best = max(
        range(len(columns)),
        key=lambda place: (
            columns[place].names
            + _AGAIN * (columns[place].distinct < _ALL_DISTINCT)
            - _FURTHER * place
        ),
    )
    if columns[best].names >= _NAMES and "B" not in taken:
        roles[best] = "B"
    for place, column in enumerate(columns):
        if not roles[place] and column.same and len(columns) == 1 and not column.named:
            # What stands in every line says nothing of any: "Contents – No. 3, May 2020".
            roles[place] = "N"
        if column.status:
            roles[place] = "N"
        if roles[place] or not column.is_section() or (len(columns) == 1 and not dated):
            continue
        role = "J" if column.papers or (column.same and len(columns) > 2) else "K"
        if column.same and (role == "K" or (len(columns) == 1 and not column.named)):
            # What stands in every line says nothing of any: "First broadcast: 3 May 2020".
            role = "N"
        roles[place] = "N" if role in roles or role in taken else role
    left = [place for place, role in enumerate(roles) if not role]
    if len(left) > 2:
        return None
    if len(left) == 2:
        return _headline_and_more(roles, left, columns)
    if left:
        (only,) = left
        column = columns[only]
        if column.likely > _SOME_NAMES and not taken and len(columns) == 1:
            return None
        prose = column.prose >= _PROSE and column.length > _LONGEST_PROSE_HEADLINE
        roles[only] = "F" if prose and not taken else "H"
    return roles, True


def _headline_and_more(
    roles: list[str], left: Sequence[int], columns: Sequence[Texts]
) -> tuple[list[str], bool] | None:
    """Tell a headline from a standfirst or a subtitle behind it."""
    first, second = left
    if "K" not in roles and columns[first].is_label_of(columns[second]):
        roles[first], roles[second] = "K", "H"
        return roles, False
    roles[first] = "H"
    if columns[second].prose >= _PROSE and columns[first].prose < columns[second].prose:
        roles[second] = "F"
        return roles, True
    if columns[first].prose >= _PROSE:
        return None
    roles[second] = "S"
    return roles, False
