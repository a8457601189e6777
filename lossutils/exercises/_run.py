"""Run a learner's function: with a time limit, and with its errors told by its own lines."""

import _thread
import contextlib
import io
import linecache
import signal
import sysconfig
import threading
import warnings
from pathlib import Path

import numpy as np

_LIBRARIES = (
    str(Path(__file__).resolve().parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<frozen",
)
_PRINTED = 1000


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
