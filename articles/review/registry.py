"""All checks, found by themselves: each class in a module of `articles.review.checks`. Pure."""

import functools
import importlib
import pkgutil

from articles.review import checks
from articles.review.checks.base import Check, Doubtful, PairCheck
from articles.review.codes import CODES


@functools.cache
def all_checks() -> tuple[Doubtful, ...]:
    """Return one of each check, by code."""
    for module in pkgutil.iter_modules(checks.__path__):
        importlib.import_module(f"{checks.__name__}.{module.name}")
    found = [kind() for base in (Check, PairCheck) for kind in base.__subclasses__()]
    return tuple(sorted(found, key=lambda check: check.code))


@functools.cache
def checks_of_one() -> tuple[Check, ...]:
    """Return the checks of single articles."""
    return tuple(check for check in all_checks() if isinstance(check, Check))


@functools.cache
def checks_of_two() -> tuple[PairCheck, ...]:
    """Return the checks of pairs of articles."""
    return tuple(check for check in all_checks() if isinstance(check, PairCheck))


@functools.cache
def check_codes() -> frozenset[str]:
    """Return the codes that checks raise: such a doubt ends by itself when its cause is gone."""
    return frozenset(check.code for check in all_checks())


@functools.cache
def _words() -> dict[str, tuple[str, str]]:
    return CODES | {check.code: (check.title, check.explanation) for check in all_checks()}


def known_codes() -> frozenset[str]:
    """Return every code that has words: those of checks, of the parser and of imports."""
    return frozenset(_words())


def title_of(code: str) -> str:
    """Return the name of a doubt for people; of a code that nobody named, the code in words."""
    words = _words().get(code)
    return words[0] if words else code.replace("-", " ").capitalize()


def explanation_of(code: str) -> str:
    """Return what a doubt means and what an editor can do, or ``""``."""
    words = _words().get(code)
    return words[1] if words else ""
