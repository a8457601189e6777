"""What an exercise is made of: plain data that a chapter's module fills in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """One number is asked for, right within `tolerance`."""

    name: str
    label: str
    value: float
    tolerance: float = 0.001


@dataclass(frozen=True)
class Array:
    """Several numbers in one array or list, each right within `tolerance`."""

    name: str
    label: str
    value: tuple
    tolerance: float = 0.001


@dataclass(frozen=True)
class Choice:
    """One letter out of `letters`; its place in the list, from 1, is accepted too."""

    name: str
    label: str
    value: str
    letters: str = "abcd"


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
class Function:
    """A function, called with each probe's arguments by position and compared with `value`."""

    name: str
    label: str
    value: Callable
    probes: tuple[Probe, ...]


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that learners give, for the part of this number, and what to tell them."""

    part: int
    answer: Any
    says: str


@dataclass(frozen=True)
class Exercise:
    """An exercise; `parts` are its answers in the order in which `check` takes them.

    The right answers in another order are taken for a slip in the call, unless they are not
    `exchangeable`: then they are wrong like any others, and `wrong` says why.
    """

    id: str
    stars: int
    title: str
    parts: tuple
    hints: tuple[str, str, str]
    wrong: tuple[Wrong, ...]
    exchangeable: bool = True


@dataclass(frozen=True)
class Result:
    """What a check found: "passed", "failed", "not started" or "misused", and the text to show."""

    status: str
    text: str
