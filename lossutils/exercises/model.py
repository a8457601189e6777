"""What an exercise is made of: plain data that a chapter's module fills in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Part:
    """What is asked for once. `known` are wrong answers that people give, with what to say."""

    name: str
    label: str
    known: dict[Any, str] = field(default_factory=dict, kw_only=True)

    @cached_property
    def seen(self):
        """What the known-wrong answers and the right one gave when they were first run."""
        return {}

    def mistakes(self, *pairs):
        """Note wrong answers, each with what to say, and return the part."""
        self.known.update(pairs)
        return self


@dataclass(frozen=True)
class Numeric(Part):
    """A number or several; the exercise's text asks for so many `decimals`, 0 for whole ones.

    Right is what is within a unit of the last decimal, or within `tolerance` if that is given. A
    whole number must be right to a thousandth, so that no other one passes.
    """

    value: float | tuple
    decimals: int = 3
    tolerance: float | None = None

    def __post_init__(self):
        """Fill the tolerance in."""
        if self.tolerance is None:
            object.__setattr__(self, "tolerance", 10.0 ** -(self.decimals or 3))


@dataclass(frozen=True)
class Number(Numeric):
    """One number is asked for."""


@dataclass(frozen=True)
class Array(Numeric):
    """Several numbers in one array or list are asked for."""


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
    """A function, called with each probe's arguments by position and compared with `value`.

    `may_use` names the functions of `lossutils` that the exercise's text allows; None allows all.
    """

    value: Callable
    probes: tuple[Probe, ...]
    may_use: tuple[str, ...] | None = None

    def mistake(self, says):
        """Return a decorator for a wrong function: whoever hands in its like is told `says`."""

        def known(function):
            self.known[function] = says
            return function

        return known


@dataclass(frozen=True)
class Exercise:
    """An exercise; `parts` are its answers in the order in which `check` takes them.

    `asked` are these parts, or a function that returns them where their values take long to
    compute. The right answers in another order are taken for a slip in the call, unless they are
    not `exchangeable`: then they are wrong like any others, and the part says why.
    """

    id: str
    stars: int
    title: str
    asked: tuple | Callable
    hints: tuple[str, str, str]
    exchangeable: bool = True

    @cached_property
    def parts(self):
        """What is asked for, part by part."""
        return self.asked() if callable(self.asked) else self.asked


@dataclass(frozen=True)
class Result:
    """What a check found: "passed", "failed", "not started" or "misused", and the text to show."""

    status: str
    text: str
