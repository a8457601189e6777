"""Judge the answers to an exercise, and say how a wrong one differs from the right one."""

from itertools import permutations

import numpy as np

from lossutils.exercises.model import Choice, Function, Number, Result
from lossutils.exercises.run import (
    TimeUp,
    limited,
    observe,
    own_line,
    quiet,
    right_values,
    untouched,
)
from lossutils.exercises.words import joined, named, plain, told_apart

SECONDS = 30
_TINY = 1e-12


def evaluate(exercise, answers, seconds=SECONDS):
    """Return what there is to say about the answers to an exercise, within a time limit."""
    parts = exercise.parts
    if len(answers) != len(parts):
        return Result("misused", _count(exercise, answers))
    started = [not untouched(answer) for answer in answers]
    if not any(started):
        names = joined(part.name for part in parts)
        return Result("not started", f"{exercise.id} not started yet: replace the ... ({names}).")
    try:
        with quiet(), limited(seconds):
            problem = _first_problem(exercise, answers, started)
    except TimeUp as error:
        place = own_line(error)
        text = (
            f"{exercise.id} stopped after {seconds:g} seconds: is there a loop that never ends?"
            + (f"\n  {place}" if place else "")
        )
        return Result("failed", text)
    if problem is not None:
        return problem
    if not all(started):
        return Result("failed", _half_done(exercise, started))
    return Result("passed", _passed(exercise))


def _count(exercise, answers):
    names = [part.name for part in exercise.parts]
    call = f'check("{exercise.id}", {", ".join(names)})'
    if not answers:
        return f"{exercise.id}: no answer was given. Write {call}."
    takes = "one answer" if len(names) == 1 else f"{len(names)} answers"
    return f"{exercise.id} takes {takes}, and got {len(answers)}. Write {call}."


def _half_done(exercise, started):
    right = [p.label for p, s in zip(exercise.parts, started, strict=True) if s]
    left = [p.name for p, s in zip(exercise.parts, started, strict=True) if not s]
    return (
        f"{exercise.id} right so far: {joined(right)}. Not started yet: {joined(left)}; "
        "replace the ... there."
    )


def _passed(exercise):
    parts = exercise.parts
    functions = [part for part in parts if isinstance(part, Function)]
    labels = joined(part.label for part in parts)
    if len(functions) < len(parts):
        return f"{exercise.id} passed. Right: {labels}."
    probes = functions[0].probes
    kinds = dict.fromkeys(probe.kind for probe in probes)
    telling = [kind for kind in kinds if kind not in ("a single sample", "hand-size", "random")]
    among = f", among them {joined(telling)}" if telling else ""
    return f"{exercise.id} passed: {labels} on {len(probes)} inputs{among}."


def _first_problem(exercise, answers, started):
    """Return the result for the first part that is not right, or None."""
    for place, part in enumerate(exercise.parts):
        if not started[place]:
            continue
        right = right_values(part)
        got, problem = observe(part, answers[place])
        places = differences(part, right, got)
        if not places and problem is None:
            continue
        if exercise.exchangeable and all(started) and _swapped(exercise, answers):
            order = ", ".join(p.name for p in exercise.parts)
            return Result(
                "misused",
                f"{exercise.id}: the right answers are there, in another order. It is: {order}.",
            )
        # What Python would stop at comes first: a comparison of the rest would mislead.
        if problem is not None:
            if problem.misuse:
                return Result("misused", f"{exercise.id}: {problem.text}")
            return Result("failed", f"{exercise.id} not yet: {part.label}. {problem.text}")
        says = _known(part, right, got) or _describe(part, right, got, places)
        return Result("failed", f"{exercise.id} not yet: {part.label}. {says}")
    return None


def _is_right(part, answer):
    got, problem = observe(part, answer)
    return problem is None and not differences(part, right_values(part), got)


def _swapped(exercise, answers):
    return any(
        all(map(_is_right, exercise.parts, order)) for order in list(permutations(answers))[1:]
    )


def _known(part, right, got):
    """Return the diagnosis of the known-wrong answer that this one is, or None.

    It is, if both agree wherever the known-wrong one differs from the right answer. Of several,
    the one that agrees most often overall is meant.
    """
    best, says = None, None
    for answer, told in part.known.items():
        theirs, _ = observe(part, answer)
        telling = differences(part, right, theirs)
        apart = differences(part, theirs, got)
        if not telling or set(telling) & set(apart):
            continue
        if best is None or len(apart) < best:
            best, says = len(apart), told
    return says


def _describe(part, right, got, places):
    """Return a general diagnosis."""
    if isinstance(part, Function):
        return describe_function(part, right, got, smallest(part, places))
    if isinstance(part, Choice):
        return "Try each option on a small example."
    if isinstance(part, Number):
        return describe_number(float(right[0]), float(got[0]))
    return describe_array(right[0], got[0], part.tolerance)


def agree(part, index, right, got):
    """Tell whether two observations of a part are the same, within its tolerance."""
    if isinstance(part, Choice):
        return right == got
    if np.shape(right) != np.shape(got):
        return False
    if not isinstance(part, Function):
        return bool(np.allclose(got, right, rtol=0, atol=part.tolerance))
    probe = part.probes[index]
    absolute = probe.tolerance / 1000 if probe.absolute is None else probe.absolute
    return bool(np.allclose(got, right, rtol=probe.tolerance, atol=absolute, equal_nan=True))


def differences(part, right, got):
    """Return the places, among those observed, where an answer differs from another one."""
    pairs = zip(right, got, strict=False)
    return [index for index, pair in enumerate(pairs) if not agree(part, index, *pair)]


def smallest(part, places):
    """Return the place whose input is the smallest; among equals the first."""
    return min(places, key=lambda i: sum(np.size(v) for v in part.probes[i].arguments.values()))


def ratio(right, got):
    """Return got / right if that is one number for all elements, otherwise None.

    At least one element of `right` is not zero.
    """
    right, got = np.ravel(right), np.ravel(got)
    if right.size != got.size or not np.all(np.isfinite(got)):
        return None
    zero = np.abs(right) < _TINY
    if np.any(np.abs(got[zero]) > _TINY):
        return None
    ratios = got[~zero] / right[~zero]
    return ratios[0] if np.allclose(ratios, ratios[0], rtol=1e-4) else None


def describe_function(part, right, got, place):
    """Return what is wrong in one sentence or two, then the input that shows it."""
    probe = part.probes[place]
    expected, came = right[place], got[place]
    shown = told_apart(expected, came)
    lines = [
        f"{_general(part, right, got, place)}For",
        named(probe.arguments),
        f"  expected {shown[0]}",
        f"  got      {shown[1]}",
    ]
    return "\n".join(lines)


def _general(part, right, got, place):
    """Return the sentence for a kind of mistake that any function can have."""
    expected, came = right[place], got[place]
    if expected.shape != came.shape:
        return _shapes(expected, came)
    if any(_missed_infinity(*pair) for pair in zip(right, got, strict=True)):
        return "Where the right value is infinite, yours is not: is it clipped, or left out? "
    if not np.all(np.isfinite(came)):
        return "A number is not finite: a step on the way is too large, or divides by zero. "
    factor = _factor(part, right, got)
    if factor:
        return factor
    if came.dtype.kind in "iu" and np.any(expected != np.round(expected)):
        return (
            "Whole numbers come back: was the result stored in an array made for integers, "
            "as np.zeros_like of whole numbers is? "
        )
    return ""


def _missed_infinity(expected, came):
    return expected.shape == came.shape and np.any(np.isinf(expected) & np.isfinite(came))


def _shapes(expected, came):
    if expected.shape == ():
        return (
            f"An array of shape {came.shape} comes back, and one number is wanted: is the mean "
            "missing? "
        )
    if came.shape == ():
        return f"One number comes back, and an array of shape {expected.shape} is wanted. "
    return f"The shape is {came.shape}, and {expected.shape} is wanted. "


def _factor(part, right, got):
    """Return the sentence for a value that is wrong by one factor everywhere."""
    found = []
    for probe, expected, came in zip(part.probes, right, got, strict=True):
        if np.any(np.abs(expected) >= _TINY):
            n = np.size(next(iter(probe.arguments.values())))
            found.append((n, ratio(expected, came)))
    if any(factor is None for _, factor in found):
        return ""
    n, factors = np.array(found, dtype=float).T
    flipped = bool(np.all(factors < 0))
    sign = "The sign is flipped: is it prediction minus truth? " if flipped else ""
    sizes = np.abs(factors)
    for power, says in (
        (1, "It is n times too large: a sum where the mean is wanted? "),
        (-1, "It is n times too small: is the mean taken twice? "),
    ):
        if np.any(n > 1) and np.allclose(sizes, n**power, rtol=1e-3):
            return sign + says
    same = np.allclose(sizes, sizes[0], rtol=1e-3)
    if same and not np.isclose(sizes[0], [0, 1]).any():
        return f"{sign}On every input it is the right one times {plain(sizes[0], 4)}. "
    return sign if same else ""


def describe_number(right, got):
    """Return what can be said about a wrong number without giving the right one away."""
    if np.isclose(got, -right, rtol=1e-3):
        return "The size is right and the sign is flipped."
    if np.isclose(got, 100 * right, rtol=1e-3):
        return "That is a percentage; give the share itself, between 0 and 1."
    if not np.isfinite(got):
        return "It is not a finite number."
    return f"{plain(got)} is too {'large' if got > right else 'small'}."


def describe_array(right, got, tolerance):
    """Name the elements of an array that are wrong."""
    wrong = [str(i) for i in np.flatnonzero(~(np.abs(got - right) <= tolerance))]
    many = len(wrong) > 1
    return f"Wrong {'are the elements' if many else 'is the element'} at {', '.join(wrong)}."
