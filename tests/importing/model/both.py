"""What every act on both sides needs: the archive and its dictionary, and how one follows the
other."""

from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from articles.models import Article, Operation
from tests.importing.model.dictionary import Archive
from tests.importing.model.records import Held, Run
from tests.importing.model.texts import FIELDS, PLACES, Piece, Values

#: The pages that listings come from, and their topics.
TOPICS = {"Page A": "Tides", "Page B": "Harbours"}

PIECES = st.lists(
    st.builds(
        Piece,
        theme=st.integers(0, 3),
        wording=st.integers(0, 1),
        shift=st.sampled_from([0, 0, 0, 1, 1, 1, -1]),
        byline=st.integers(0, 2),
        standfirst=st.integers(0, 1),
        kicker=st.integers(0, 1),
        link=st.integers(-1, 1),
        place=st.integers(0, len(PLACES) - 1),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda piece: piece.theme,
)
SOURCES, STATUSES = st.sampled_from(sorted(TOPICS)), st.sampled_from(["draft", "published"])
WHICH = st.integers(0, 7)


class Both(RuleBasedStateMachine):
    """The archive and its dictionary. ``folder`` is where listings are written."""

    folder: Path
    #: How many steps of each kind were tried, over all sequences.
    done: dict[str, int] = {}

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = Archive()
        self.files: dict[str, list[tuple[Piece, ...]]] = {source: [] for source in TOPICS}
        self.typed = self.moved = self.merges = 0
        #: The merge of authors that stands; and of each copy, which series there were.
        self.merge: Operation | None = None
        self.series: dict[int, dict[str, int]] = {}
        self.editor = User.objects.create_user("editor")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def count(self, what: str) -> None:
        self.model.at += 1
        self.done[what] = self.done.get(what, 0) + 1

    def _article(self, which: int) -> Held | None:
        ids = sorted(pk for pk, held in self.model.articles.items() if held.merged_into is None)
        return self.model.articles[ids[which % len(ids)]] if ids else None

    @staticmethod
    def _made(pk: int, values: Values, status: str) -> Held:
        slug = Article.objects.values_list("slug", flat=True).get(pk=pk)
        return Held(
            pk, slug, {name: values.get(name) for name in FIELDS}, status, status == "published"
        )

    def _moved(self, pk: int, run: Run | None) -> tuple[str, str] | None:
        """Follow a slug that the archive changed, since the day had another of its kind."""
        held = self.model.articles[pk]
        now = Article.objects.values_list("slug", flat=True).get(pk=pk)
        if now == held.slug:
            return None
        was = held.slug
        stood = held.is_tombstone
        held.change(self.model.at, run, {"slug": now})
        held.is_tombstone = stood and run is not None
        return was, now

    def _edited(self, pk: int, values: Values) -> None:
        """Follow an editor's change of those values that differ."""
        held = self.model.articles[pk]
        differing = {
            name: value or None
            for name, value in values.items()
            if (value or None) != ((held.status if name == "status" else held.values[name]) or None)
        }
        if differing:
            self.model.edit(pk, differing)
            self._moved(pk, None)
