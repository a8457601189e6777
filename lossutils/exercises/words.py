"""Numbers, arrays and lists of words as a learner reads them."""

import math
import textwrap

import numpy as np

# How the text of an exercise asks for so many decimals.
DECIMALS = ("a whole number", "one decimal", "two decimals", "three decimals", "four decimals")
SHOWN = 6
_WIDTH = 76


def joined(words):
    """Return "a", "a and b" or "a, b and c"."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def wrapped(text):
    """Return a text with its long lines broken; indented ones hold values and code and stay."""
    lines = (
        [line] if line.startswith(" ") else textwrap.wrap(line, _WIDTH, break_on_hyphens=False)
        for line in text.splitlines()
    )
    return "\n".join(part for line in lines for part in line)


def plain(value, digits=6):
    """Return a number or an array the way it would be typed: [1.0, -2.5]."""
    array = np.asarray(value)
    if array.ndim == 0:
        return _number(array[()], digits)
    if array.size > SHOWN and array.ndim == 1:
        inner = ", ".join(_number(v, digits) for v in array[:SHOWN])
        return f"[{inner}, ... {array.size} numbers]"
    rows = ", ".join(plain(row, digits) for row in array[:SHOWN])
    return f"[{rows}]" if len(array) <= SHOWN else f"[{rows}, ... {len(array)} rows]"


def _number(value, digits):
    # Plus zero: nobody types -0.0.
    text = f"{value + 0:.{digits}g}"
    whole = isinstance(value, np.floating | float) and text.lstrip("-").isdigit()
    return text + ".0" if whole else text


def told_apart(expected, got):
    """Return both as text, with as many digits as it takes to see that they differ."""
    for digits in (6, 9, 12, 17):
        pair = plain(expected, digits), plain(got, digits)
        if pair[0] != pair[1]:
            break
    return pair


def named(arguments):
    """Return the arguments of a call, one on a line."""
    lines = []
    for name, value in arguments.items():
        small = isinstance(value, np.ndarray) and value.dtype == np.float32
        lines.append(f"  {name} = {plain(value)}{' (float32)' if small else ''}")
    return "\n".join(lines)


def rounded(right, got):
    """Tell whether a number is another one with fewer digits, two significant ones at least."""
    if not right or not np.isfinite([right, got]).all():
        return False
    first = math.floor(math.log10(abs(right)))
    # Beyond six digits a rounded number is right within any tolerance.
    for place in range(first - 1, first - 7, -1):
        unit = 10.0**place
        whole = abs(got / unit - round(got / unit)) < 1e-4
        # Rounded, or cut off.
        near = abs(got - right) <= 0.5001 * unit
        cut = abs(got) <= abs(right) < abs(got) + unit and got * right > 0
        if whole and (near or cut):
            return True
    return False
