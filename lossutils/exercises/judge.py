"""Judge the answers to an exercise, and say how a wrong one differs from the right one."""

from dataclasses import replace
from itertools import permutations

import numpy as np

from lossutils.exercises.channels import quiet
from lossutils.exercises.limit import TimeUp, limited, run
from lossutils.exercises.model import Choice, Function, Number, Result
from lossutils.exercises.run import (
    known_values,
    observe,
    overwritten,
    own_line,
    put_back,
    right_values,
    said_by,
    untouched,
)
from lossutils.exercises.words import DECIMALS, SHOWN, joined, named, plain, rounded, told_apart

SECONDS = 30
_TINY = 1e-12
# What float32 keeps of a mean of some numbers.
_SINGLE = 1e-4
_HUGE = 1e15
_under_way = []


def evaluate(exercise, answers, seconds=SECONDS):
    """Return what there is to say about the answers to an exercise, within a time limit."""
    if _under_way:
        text = f"{exercise.id}: a check is under way already; an answer must not call `check`."
        return Result("misused", text)
    _under_way.append(exercise)
    put_back()
    try:
        with quiet(), limited(seconds):
            result = _judged(exercise, answers)
    except TimeUp as error:
        place = own_line(error)
        text = (
            f"{exercise.id} stopped after {seconds:g} seconds: is there a loop that never ends?"
            + (f"\n  {place}" if place else "")
        )
        result = Result("failed", text)
    # Whatever an answer has done to what the check stands on.
    except Exception as error:
        result = Result(
            "failed",
            f"{exercise.id} could not be checked: {said_by(error)}. Has your code changed "
            "something that the check needs? Restart the kernel, and run the cells again.",
        )
    finally:
        _under_way.clear()
        put_back()
    names = overwritten()
    if names:
        verb = "were" if len(names) > 1 else "was"
        note = f"{joined(names)} {verb} overwritten by your code, and put back by the check."
        result = replace(result, text=f"{result.text}\n{note}")
    return result


def _judged(exercise, answers):
    parts = exercise.parts
    if len(answers) != len(parts):
        return Result("misused", _count(exercise, answers))
    started = [not run(untouched, answer) for answer in answers]
    if not any(started):
        names = joined(part.name for part in parts)
        return Result("not started", f"{exercise.id} not started yet: replace the ... ({names}).")
    problem = _first_problem(exercise, answers, started)
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
        if problem is not None and problem.misuse:
            return Result("misused", f"{exercise.id}: {problem.text}")
        says = _known(part, right, got, problem)
        if says is None:
            # What Python would stop at comes first: a comparison of the rest would mislead.
            says = _stopped(part, got, places, problem) or _describe(part, right, got, places)
        return Result("failed", f"{exercise.id} not yet: {part.label}. {says}")
    return None


def _stopped(part, got, places, problem):
    """Return what is said of an answer that a problem stopped, or None."""
    if problem is None:
        return None
    # It got as far as the first input with two axes, and all was right until there.
    if problem.error and not places and _axes(part, len(got)) > 1 == _axes(part, 0):
        return _TWO_AXES + problem.text
    return problem.text


_TWO_AXES = (
    "Right where the arrays have one axis. These have two, and the text says any shape: let NumPy "
    "work on whole arrays, and count with np.size. "
)


def _axes(part, place):
    """Return how many axes the first argument of a probe has."""
    return np.ndim(next(iter(part.probes[place].arguments.values())))


def _is_right(part, answer):
    got, problem = observe(part, answer)
    return problem is None and not differences(part, right_values(part), got)


def _swapped(exercise, answers):
    return any(
        all(map(_is_right, exercise.parts, order)) for order in list(permutations(answers))[1:]
    )


def _known(part, right, got, problem):
    """Return the diagnosis of the known-wrong answer that this one is, or None.

    Many a diagnosis praises the rest, so an answer must be like the known one everywhere: in all
    that both give, and in the error at which both stop. Of several that are, the nearest is meant.
    """
    error = problem.error if problem else ""
    best, says = np.inf, None
    for answer, told in part.known.items():
        theirs, their_error = known_values(part, answer)
        if their_error != error or len(theirs) != len(got):
            continue
        apart = 0
        for index, three in enumerate(zip(right, theirs, got, strict=False)):
            here = _apart(part, index, *three)
            apart += np.inf if here is None else here
            if apart >= best:
                break
        else:
            best, says = apart, told
    return says


def _apart(part, index, right, theirs, got):
    """Return the distance of an answer from a known-wrong one, or None if it is another."""
    if isinstance(part, Choice):
        return 0 if theirs == got else None
    if np.shape(theirs) != np.shape(got):
        return None
    if isinstance(part, Function):
        # Beyond all measure one formula gives infinity, and its like a number of 17 digits.
        finite = np.abs(theirs) < _HUGE
        if np.any(finite != (np.abs(got) < _HUGE)):
            return None
        size = np.max(np.abs(theirs[finite]), initial=0)
        # Where a value drowns in roundings, nobody drowns in the same way.
        drowned = part.probes[index].absolute == 0 and not agree(part, index, right, got)
        allowed = np.inf if drowned else _SINGLE * size + part.probes[index].tolerance / 1000
        distance = np.max(np.abs(theirs[finite] - got[finite]), initial=0)
        return distance / (size or 1) if distance <= allowed else None
    # A number is known by its relative distance, if it is nearer to the known than to the right.
    near = 0.005 if part.decimals else 0
    alike = [
        abs(g - t) <= max(near * abs(t), min(part.tolerance, 0.001)) or rounded(t, g)
        for t, g in zip(np.ravel(theirs), np.ravel(got), strict=True)
    ]
    distance, from_right = np.max(np.abs(got - theirs)), np.max(np.abs(got - right))
    return distance if all(alike) and distance < from_right else None


def _describe(part, right, got, places):
    """Return a general diagnosis."""
    if isinstance(part, Function):
        return describe_function(part, right, got, smallest(part, places))
    if isinstance(part, Choice):
        return "Try each option on a small example."
    if isinstance(part, Number):
        return describe_number(float(right[0]), float(got[0]), part.decimals)
    return describe_array(right[0], got[0], part.tolerance, part.decimals)


def agree(part, index, right, got):
    """Tell whether two observations of a part are the same, within its tolerance."""
    if isinstance(part, Choice):
        return right == got
    if np.shape(right) != np.shape(got):
        return False
    if not isinstance(part, Function):
        # A last bit more: 0.99 and 1.0 are a hundredth apart for us, not for the computer.
        return bool(np.all(np.abs(got - right) <= part.tolerance * (1 + 1e-9)))
    probe = part.probes[index]
    absolute = probe.tolerance / 1000 if probe.absolute is None else probe.absolute
    if np.allclose(got, right, rtol=probe.tolerance, atol=absolute, equal_nan=True):
        return True
    # An answer that says that it is float32 cannot know more.
    return got.dtype in (np.float32, np.float16) and _to_single(probe, right, got)


def _to_single(probe, right, got):
    """Tell whether two results agree as far as float32 goes."""
    if probe.absolute == 0:
        return bool(np.allclose(got, right, rtol=_SINGLE, atol=0))
    size = np.max(np.abs(right[np.isfinite(right)]), initial=0)
    return bool(np.allclose(got, right, rtol=_SINGLE, atol=_SINGLE * size))


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
    wrong = differences(part, right, got)
    if all(_axes(part, index) > 1 for index in wrong) and _axes(part, 0) == 1:
        lead = _TWO_AXES
    else:
        lead = _general(part, right, got, place)
    probe = part.probes[place]
    at, expected, came = _part_that_differs(right[place], got[place])
    shown = told_apart(expected, came)
    lines = [
        f"{lead}For",
        named(probe.arguments),
        f"  expected {at}{shown[0]}",
        f"  got      {at}{shown[1]}",
    ]
    return "\n".join(lines)


def _part_that_differs(expected, came):
    """Return where two results differ most, if they are too long to be shown, and both there."""
    if expected.shape != came.shape or not expected.ndim or len(expected) <= SHOWN:
        return "", expected, came
    apart = np.abs(np.subtract(came, expected)).reshape(len(expected), -1).max(axis=1)
    place = int(np.argmax(np.where(np.isfinite(apart), apart, np.inf)))
    return f"[{place}]: ", expected[place], came[place]


def _general(part, right, got, place):
    """Return the sentence for a kind of mistake that any function can have."""
    expected, came = right[place], got[place]
    if expected.shape != came.shape:
        return _shapes(expected, came)
    if _is_single(part, right, got):
        return (
            "Right to about four digits, and not beyond: is it computed in float32, or is a small "
            "number added on the way? "
        )
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


def _is_single(part, right, got):
    """Tell whether results are right as far as float32 goes, and no further."""
    exact = []
    for index, probe in enumerate(part.probes):
        # The digits of a tiny value are beyond float32, whatever it is computed from.
        if probe.absolute == 0:
            continue
        expected, came = right[index], got[index]
        if expected.shape != came.shape or not _to_single(probe, expected, came):
            return False
        exact.append(agree(part, index, expected, came))
    return not all(exact)


def _missed_infinity(expected, came):
    return expected.shape == came.shape and np.any(np.isinf(expected) & np.isfinite(came))


def _shapes(expected, came):
    if expected.shape == ():
        wanted = "one whole number" if expected.dtype.kind in "iu" else "one number"
        averaged = came.size and np.allclose(np.mean(came), expected)
        hint = ": is the mean missing" if averaged and expected.dtype.kind == "f" else ""
        stop = "? " if hint else ". "
        return f"An array of shape {came.shape} comes back, and {wanted} is wanted{hint}{stop}"
    if came.shape == ():
        return f"One number comes back, and an array of shape {expected.shape} is wanted. "
    return f"The shape is {came.shape}, and {expected.shape} is wanted. "


def _factor(part, right, got):
    """Return the sentence for a value that is wrong by one factor everywhere."""
    found = []
    for probe, expected, came in zip(part.probes, right, got, strict=True):
        if np.any(np.abs(expected) >= _TINY):
            first = np.atleast_1d(next(iter(probe.arguments.values())))
            found.append((first.size, len(first), ratio(expected, came)))
        elif np.any(np.abs(came) > _TINY):
            return ""
    if any(factor is None for *_, factor in found):
        return ""
    *counts, factors = np.array(found, dtype=float).T
    flipped = bool(np.all(factors < 0))
    sign = "The sign is flipped: is it prediction minus truth? " if flipped else ""
    sizes = np.abs(factors)
    for power, says in (
        (1, "It is n times too large: a sum where the mean is wanted? "),
        (-1, "It is n times too small: is the mean taken twice? "),
    ):
        # The samples are all elements, or the rows.
        for n in counts:
            if np.any(n > 1) and np.allclose(sizes, n**power, rtol=1e-3):
                return sign + says
    same = np.allclose(sizes, sizes[0], rtol=1e-3)
    if same and not np.isclose(sizes[0], [0, 1]).any():
        return f"{sign}On every input it is the right one times {plain(sizes[0], 4)}. "
    return sign if same else ""


def _is(value, got):
    """Tell whether a wrong number is this one, as people write it."""
    return bool(np.isclose(got, value, rtol=1e-3)) or rounded(value, got)


def describe_number(right, got, decimals=3):
    """Return what can be said about a wrong number without giving the right one away."""
    if rounded(right, got):
        return f"{plain(got)} is right, but rounded: give more digits, {DECIMALS[decimals]}."
    if _is(-right, got):
        return "The size is right and the sign is flipped."
    if 0 < right < 1 and _is(100 * right, got):
        return "That is a percentage; give the share itself, between 0 and 1."
    if not np.isfinite(got):
        return "It is not a finite number."
    return f"{plain(got)} is too {'large' if got > right else 'small'}."


def describe_array(right, got, tolerance, decimals=3):
    """Name the elements of an array that are wrong."""
    pairs = list(zip(right, got, strict=True))
    off = [i for i, (r, g) in enumerate(pairs) if not abs(g - r) <= tolerance]
    wrong = [i for i in off if not rounded(*pairs[i])]
    if not wrong:
        return f"Right, but rounded: give more digits, {DECIMALS[decimals]}."
    if all(_is(-r, g) for r, g in pairs):
        return "The sizes are right and the signs are flipped."
    if all(0 <= r <= 1 and _is(100 * r, g) for r, g in pairs):
        return "Those are percentages; give the shares themselves, between 0 and 1."
    many = len(wrong) > 1
    places = ", ".join(map(str, wrong))
    return f"Wrong {'are the elements' if many else 'is the element'} at {places}."
