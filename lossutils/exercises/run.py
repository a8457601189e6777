"""Run an answer: what it gives on each probe, with a time limit, or the problem that it has."""

import _thread
import contextlib
import dis
import io
import linecache
import signal
import sysconfig
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lossutils.exercises.model import Array, Choice, Function, Number
from lossutils.exercises.words import named, plain

# What a function does that has only `...` in it, or `pass`.
_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}
_LIBRARIES = (
    str(Path(__file__).resolve().parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<frozen",
)
_PRINTED = 1000


@dataclass(frozen=True)
class Problem:
    """Why an answer could not be compared. `misuse`: it is not even of the right kind."""

    text: str
    misuse: bool = False


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
    if isinstance(part, Choice):
        return _choice(part, answer)
    value = _given(part, answer)
    return ([], value) if isinstance(value, Problem) else ([value], None)


def right_values(part):
    """Return what the right answer gives."""
    if isinstance(part, Function):
        return [np.asarray(part.value(*_fresh(probe).values())) for probe in part.probes]
    return [part.value if isinstance(part, Choice) else np.asarray(part.value, dtype=float)]


def as_result(value):
    """Return a value as a real array, or what is wrong with it, to follow "returns" or "is"."""
    if type(value).__module__.partition(".")[0] == "torch":
        return Problem("a torch tensor: a NumPy array or a number is wanted, see .numpy(), .item()")
    try:
        array = np.asarray(value)
    except ValueError:
        return Problem("a list of lists of different lengths")
    if array.dtype.kind not in "iuf":
        what = f"{value!r}" if isinstance(value, str | bool) else f"a {type(value).__name__}"
        return Problem(f"{what}: a number or an array of numbers is wanted")
    return array


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
    letter = answer.strip().strip("().").lower() if isinstance(answer, str) else answer
    if isinstance(letter, int) and 1 <= letter <= len(part.letters):
        letter = part.letters[letter - 1]
    if not isinstance(letter, str) or len(letter) != 1 or letter not in part.letters:
        allowed = ", ".join(f'"{option}"' for option in part.letters)
        return [], Problem(f"{part.name} must be one of {allowed}; got {answer!r}.", misuse=True)
    return [letter], None


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
    try:
        value = function(*arguments.values())
    # An `exit()` in a learner's function must not end the kernel.
    except (Exception, SystemExit) as error:
        place = own_line(error) or f"when it is called with {len(arguments)} arguments"
        return Problem(f"{part.name} raises {type(error).__name__}: {error}\n  {place}\n{given}")
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


class TimeUp(BaseException):
    """The time limit of a check is over. No Exception: a learner's `except` must not catch it."""


class Capped(io.TextIOBase):
    """Keep the beginning of what is printed: a check calls a function a few dozen times."""

    def __init__(self):
        """Start with nothing."""
        self.text = ""

    def write(self, text):
        """Keep `text` as long as there is room."""
        self.text += text[: _PRINTED - len(self.text)]
        return len(text)


def interruption(over, done):
    """Return a handler of SIGINT that tells the end of the time from a real Ctrl-C."""

    def interrupted(number, frame):
        if not over.is_set():
            raise KeyboardInterrupt
        # An interrupt that arrives when the work is done has nothing left to stop.
        if not done.is_set():
            raise TimeUp

    return interrupted


@contextlib.contextmanager
def limited(seconds):
    """Raise TimeUp in the body after some seconds, if this is the main thread.

    The main thread is interrupted as Ctrl-C would interrupt it, which also works on Windows. A
    real Ctrl-C stays a KeyboardInterrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over, done = threading.Event(), threading.Event()

    def watch():
        if not done.wait(seconds):
            over.set()
            _thread.interrupt_main()

    before = signal.signal(signal.SIGINT, interruption(over, done))
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            done.set()
    finally:
        # The interrupt may arrive in the inner `finally`; the handler goes back all the same.
        done.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def quiet():
    """Hold back warnings, and print the beginning of what a learner's code prints."""
    printed = Capped()
    try:
        with (
            contextlib.redirect_stdout(printed),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        if printed.text:
            print(f"(printed by your code)\n{printed.text.rstrip()}")


def own_line(error):
    """Return where in the learner's own code an error arose, or an empty string."""
    found, entry = "", error.__traceback__
    while entry is not None:
        code, number = entry.tb_frame.f_code, entry.tb_lineno
        if not code.co_filename.startswith(_LIBRARIES):
            text = linecache.getline(code.co_filename, number).strip()
            found = f"line {number} of {code.co_name}{': ' if text else ''}{text}"
        entry = entry.tb_next
    return found
