"""What was found in the last searches: a reader pages in it, and narrows it filter by filter."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")

#: So many answers are remembered. At the most each is a set of as many articles as are counted one
#: by one: some hundred kilobytes.
MOST = 60


class Searches:
    """Answers to questions about one state of the archive, which they cannot outlive."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Any]] = {}
        self._keeping = threading.Lock()

    def answer(self, question: Hashable, search: Callable[[], Answer]) -> Answer:
        """Return what *search* finds, which is asked once for each *question*."""
        known = self._known.get(question)
        if known is None:
            known = (search(),)
            with self._keeping:
                while len(self._known) >= MOST:
                    del self._known[next(iter(self._known))]
                self._known[question] = known
        answer: Answer = known[0]
        return answer

    def forget(self) -> None:
        """Ask everything anew: for whoever measures what a question costs."""
        with self._keeping:
            self._known.clear()
