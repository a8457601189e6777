"""How a value differs from the right one, in general: too large by n, wrong sign, wrong shape."""

import numpy as np

from lossutils.exercises._model import Choice, Function
from lossutils.exercises._words import named, plain, told_apart

_TINY = 1e-12


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


def describe(part, right, got, place):
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
