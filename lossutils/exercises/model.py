"""What an exercise is made of: plain data that a chapter's module fills in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """What is asked for once. `known` are wrong answers that people give, with what to say."""

    name: str
    label: str
    known: dict[Any, str] = field(default_factory=dict, kw_only=True)

    def mistakes(self, *pairs):
        """Note wrong answers, each with what to say, and return the part."""
        self.known.update(pairs)
        return self


@dataclass(frozen=True)
class Number(Part):
    """One number is asked for, right within `tolerance`."""

    value: float
    tolerance: float = 0.001


@dataclass(frozen=True)
class Array(Part):
    """Several numbers in one array or list, each right within `tolerance`."""

    value: tuple
    tolerance: float = 0.001


@dataclass(frozen=True)
class Choice(Part):
    """One letter out of `letters`; its place in the list, from 1, is accepted too."""

    value: str
    letters: str = "abcd"

    def mistakes(self, **letters):
        """Note what to say to each wrong letter, and return the part."""
        self.known.update(letters)
        return self


@dataclass(frozen=True)
class Probe:
    """One call of a learner's function. `kind` names it in the sentence of a passed check.

    `tolerance` is relative. `absolute` is what is allowed besides, a thousandth of it if None;
    with 0 a tiny value must be right in its own digits.
    """

    kind: str
    arguments: dict
    tolerance: float = 1e-6
    absolute: float | None = None


@dataclass(frozen=True)
class Function(Part):
    """A function, called with each probe's arguments by position and compared with `value`."""

    value: Callable
    probes: tuple[Probe, ...]

    def mistake(self, says):
        """Return a decorator for a wrong function: whoever hands in its like is told `says`."""

        def known(function):
            self.known[function] = says
            return function

        return known


@dataclass(frozen=True)
class Exercise:
    """An exercise; `parts` are its answers in the order in which `check` takes them.

    The right answers in another order are taken for a slip in the call, unless they are not
    `exchangeable`: then they are wrong like any others, and the part says why.
    """

    id: str
    stars: int
    title: str
    parts: tuple
    hints: tuple[str, str, str]
    exchangeable: bool = True


@dataclass(frozen=True)
class Result:
    """What a check found: "passed", "failed", "not started" or "misused", and the text to show."""

    status: str
    text: str
