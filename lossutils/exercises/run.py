"""Run an answer: what it gives on each probe, or the problem that it has."""

import contextlib
import dis
import linecache
import math
import numbers
import operator
import os
import sys
import sysconfig
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import lossutils
from lossutils.exercises import limit
from lossutils.exercises.model import Array, Choice, Function, Number
from lossutils.exercises.words import named, plain

# What a function does that has only `...` in it, or `pass`.
_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}
_HERE = Path(__file__).resolve().parent
# With a separator at the end: a learner's folder may be called lossutils-exercises. The standard
# library may be a zip, which sysconfig does not name.
_LIBRARIES = tuple(
    f"{Path(folder)}{os.sep}"
    for folder in (
        _HERE.parent,
        Path(contextlib.__file__).parent,
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    )
)
_OURS, _CHAPTERS = f"{_HERE.parent}{os.sep}", f"{_HERE}{os.sep}"
# Where NumPy keeps the function that `np.errstate` puts around a function that it decorates.
_WRAPPER = np.errstate.__call__.__code__.co_filename
# What the check computes with, as it was before an answer could assign to it.
_LENT = {module: dict(vars(module)) for module in (np, np.linalg, np.random, math, lossutils)}
_changed = set()
_SHOWN, _SAID = 60, 300


@dataclass(frozen=True)
class Problem:
    """Why an answer could not be compared.

    `misuse`: it is not even of the right kind. `error` is what Python said, if it did.
    """

    text: str
    misuse: bool = False
    error: str = ""


def untouched(answer):
    """Tell whether an answer is still the `...` that the stub came with."""
    if answer is ...:
        return True
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    returned = [s.argval for s in steps if s.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {s.opname for s in steps} <= _NOTHING and returned == [None]


def observe(part, answer):
    """Return the values of an answer, up to the first problem: ``(list, Problem or None)``."""
    if isinstance(part, Function):
        return _function(part, answer)
    value = _choice(part, answer) if isinstance(part, Choice) else _given(part, answer)
    return ([], value) if isinstance(value, Problem) else ([value], None)


def right_values(part):
    """Return what the right answer gives."""
    if not isinstance(part, Function):
        return [part.value if isinstance(part, Choice) else np.asarray(part.value, dtype=float)]
    return known_values(part, part.value)[0]


def known_values(part, answer):
    """Return the values of an answer of the exercise's own, up to an error, and this error."""
    if not isinstance(part, Function):
        return [answer if isinstance(part, Choice) else np.asarray(answer, dtype=float)], ""
    if answer not in part.seen:
        values, said = [], ""
        try:
            for probe in part.probes:
                values.append(np.asarray(answer(*_fresh(probe).values())))
        except ValueError as error:
            said = said_by(error)
        part.seen[answer] = values, said
    return part.seen[answer]


def put_back():
    """Give NumPy and its like their own functions back, and note which had been overwritten."""
    for module, names in _LENT.items():
        there = vars(module)
        # Nearly always nothing has changed, and this is asked after each call of an answer.
        if all(map(operator.is_, map(there.get, names), names.values())):
            continue
        for name, value in names.items():
            if there.get(name) is not value:
                setattr(module, name, value)
                _changed.add(f"{'np' if module is np else module.__name__}.{name}")


def overwritten():
    """Return the names that were put back since this was last asked."""
    names = sorted(_changed)
    _changed.clear()
    return names


def said_by(error):
    """Return an exception as text, even one that cannot be printed."""
    try:
        text = limit.run(str, error)
    # Whatever the exception's own code raises.
    except BaseException as another:
        reraised(another)
        text = "(its message cannot be shown)"
    return f"{type(error).__name__}: {beginning(text, _SAID)}"


def reraised(error):
    """Raise again what ends the check, and not only an answer."""
    if isinstance(error, limit.TimeUp | KeyboardInterrupt):
        raise error


def as_result(value):
    """Return a value as a real array, or what is wrong with it, to follow "returns" or "is"."""
    try:
        return limit.run(_array, value)
    except BaseException as error:
        reraised(error)
        kind = type(value).__name__
        return Problem(f"of type {kind} and cannot be read as numbers: {said_by(error)}")


def shown(value):
    """Return the beginning of a value as Python would print it, even if it cannot be printed."""
    try:
        text = limit.run(repr, value)
    except BaseException as error:
        reraised(error)
        text = f"a {type(value).__name__}"
    return beginning(text, _SHOWN)


def beginning(text, length):
    """Return a text, cut off where it is longer than that."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _array(value):
    if isinstance(value, list | tuple):
        return _stacked([_array(item) for item in value])
    # A torch tensor, known by what it can do: torch is not imported here.
    if callable(getattr(type(value), "detach", None)):
        if value.requires_grad:
            return Problem(
                "a torch tensor that keeps track of gradients: hand in x.detach(), or x.item() "
                "for one number"
            )
        value = value.detach().cpu().numpy()
    if np.ma.is_masked(value):
        return Problem("an array with masked elements: a number is wanted at each place")
    array = np.asarray(value)
    if array.dtype.kind == "O" and all(map(_is_number, array.flat)):
        # Fractions, decimals and integers beyond 64 bits.
        array = np.array([float(item) for item in array.flat]).reshape(array.shape)
    if array.dtype.kind not in "iuf":
        what = f"an array of type {array.dtype}" if array.ndim else f"a {type(value).__name__}"
        what = shown(value) if isinstance(value, str | bool) else what
        return Problem(f"{what}: a number or an array of numbers is wanted")
    return array


def _stacked(items):
    """Return arrays as one array, or the first problem among them."""
    for item in items:
        if isinstance(item, Problem):
            return Problem(f"a list that holds {item.text}")
    if len({item.shape for item in items}) > 1:
        return Problem("a list of lists of different lengths")
    return np.array(items)


def _is_number(item):
    return isinstance(item, numbers.Number) and not isinstance(item, bool | complex)


def _given(part, answer):
    """Return the value of an answer that is a number or an array."""
    wanted = "one number" if isinstance(part, Number) else f"{len(part.value)} numbers in a list"
    if answer is None:
        return Problem(
            f"{part.name} is None. Did a function without `return` compute it?", misuse=True
        )
    if callable(answer):
        return Problem(f"{part.name} is a function; {wanted} is asked for.", misuse=True)
    value = as_result(answer)
    if isinstance(value, Problem):
        return Problem(f"{part.name} is {value.text}.", misuse=True)
    shape = np.shape(part.value)
    if value.shape != shape:
        got = "one number" if value.shape == () else f"an array of shape {value.shape}"
        verb = "are" if isinstance(part, Array) else "is"
        return Problem(f"{part.name} is {got}; {wanted} {verb} asked for.", misuse=True)
    return value


def _choice(part, answer):
    """Return the letter of an answer, or what is wrong with it."""
    letter = answer
    if isinstance(getattr(answer, "shape", None), tuple) and answer.shape == ():
        letter = as_scalar(answer)
    if isinstance(letter, str):
        letter = letter.strip().strip("().").lower()
    elif _is_number(letter) and letter % 1 == 0:
        place = int(letter)
        letter = part.letters[place - 1] if 1 <= place <= len(part.letters) else None
    if not isinstance(letter, str) or len(letter) != 1 or letter not in part.letters:
        allowed = ", ".join(f'"{option}"' for option in part.letters)
        got = shown(answer)
        return Problem(f"{part.name} must be one of {allowed}; got {got}.", misuse=True)
    return letter


def as_scalar(value):
    """Return what an array or a tensor without axes holds, as Python has it."""
    return limit.run(value.item)


def _fresh(probe):
    """Return a probe's arguments, to be changed without harm."""
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in probe.arguments.items()
    }


def _function(part, answer):
    if not callable(answer):
        got = plain(answer) if isinstance(answer, int | float) else f"a {type(answer).__name__}"
        return [], Problem(
            f"{part.name} must be the function itself, without brackets; got {got}.", misuse=True
        )
    found = []
    for probe in part.probes:
        value = _call(answer, probe, part)
        if isinstance(value, Problem):
            return found, value
        found.append(value)
    return found, None


def _call(function, probe, part):
    """Return what one call gives, or its problem."""
    arguments = _fresh(probe)
    given = f"called with\n{named(probe.arguments)}"
    borrowed = set()
    try:
        # In each call anew: an answer may change what counts as an error.
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = limit.run(_watched, function, arguments.values(), part, borrowed)
    # An `exit()` in a learner's function must not end the kernel.
    except BaseException as error:
        reraised(error)
        place = own_line(error) or f"when it is called with {len(arguments)} arguments"
        said = said_by(error)
        return Problem(f"{part.name} raises {said}\n  {place}\n{given}", error=said)
    finally:
        put_back()
    if borrowed:
        return Problem(_forbidden(part, sorted(borrowed)))
    if value is None:
        return Problem(f"{part.name} returns nothing: is the `return` missing?")
    if value is ...:
        return Problem(f"{part.name} still returns `...`.")
    result = as_result(value)
    if isinstance(result, Problem):
        return Problem(f"{part.name} returns {result.text}\n{given}")
    for name, value in probe.arguments.items():
        if not np.array_equal(arguments[name], value):
            return Problem(
                f"{part.name} changes its input {name}: whoever calls it loses their data. "
                f"Compute into a new array."
            )
    # A copy: a function may hand out the same array again and again.
    return np.array(result)


def _watched(function, arguments, part, borrowed):
    """Call a function, and note which functions of lossutils it uses without leave."""
    if part.may_use is not None:
        allowed = {None, *part.may_use}
        sys.setprofile(
            lambda frame, event, _: borrowed.update({borrowed_by(frame, event)} - allowed)
        )
    return function(*arguments)


def borrowed_by(frame, event):
    """Return the name of a function of lossutils that an answer calls here, or None."""
    code = frame.f_code
    if event != "call" or not code.co_filename.startswith(_OURS):
        return None
    frame = frame.f_back
    while frame.f_code.co_filename == _WRAPPER:
        frame = frame.f_back
    caller = frame.f_code
    # What lossutils itself calls is not meant, nor what a chapter's module computes with it.
    inside = caller.co_filename.startswith(_OURS) and caller is not _watched.__code__
    return None if inside or code.co_filename.startswith(_CHAPTERS) else code.co_name


def _forbidden(part, names):
    used = ", ".join(f"lu.{name}" for name in names)
    allowed = ", ".join(f"lu.{name}" for name in part.may_use)
    rule = f"of lossutils it may use {allowed} only" if allowed else "nothing from lossutils"
    return f"{part.name} calls {used}. The text asks you to write it yourself: {rule}."


def own_line(error):
    """Return where in the learner's own code an error arose, or an empty string."""
    found, entry = "", error.__traceback__
    while entry is not None:
        code, number = entry.tb_frame.f_code, entry.tb_lineno
        if not code.co_filename.startswith((*_LIBRARIES, "<frozen")):
            text = linecache.getline(code.co_filename, number).strip()
            found = f"line {number} of {code.co_name}{': ' if text else ''}{text}"
        entry = entry.tb_next
    return found
