"""Hold back what an answer prints, draws, shows and logs, and show the beginning of it once.

A check calls a function some dozens of times. Modules that a notebook has imported, IPython and
matplotlib, are looked up among those that are loaded: nothing here imports them.
"""

import contextlib
import io
import logging
import sys
import warnings

import numpy as np

_PRINTED = 1000


class Capped(io.TextIOBase):
    """Keep the beginning of what is printed; when the check is over, hand on what still comes."""

    def __init__(self, stream=None):
        """Start with nothing; `stream` is what this one stands for."""
        self.text, self.more, self.stream, self.over = "", False, stream, False

    def write(self, text):
        """Keep `text` as long as there is room."""
        if self.over:
            return self.stream.write(text)
        room = _PRINTED - len(self.text)
        self.text += text[:room]
        self.more |= len(text) > room
        return len(text)


class Shown:
    """Keep the first of what is displayed, and count the rest."""

    def __init__(self):
        """Start with nothing."""
        self.first, self.count = None, 0

    def __call__(self, *arguments, **settings):
        """Stand for the function that displays."""
        if not self.count:
            self.first = arguments, settings
        self.count += 1


@contextlib.contextmanager
def quiet():
    """Hold back what a learner's code prints and displays, then show the beginning."""
    printed, shown = Capped(sys.stderr), Shown()
    try:
        with (
            _figures(),
            _display(shown),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            _logs(printed),
            _no_exit(),
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        printed.over = True
        if printed.text:
            more = "\n(and more)" if printed.more else ""
            print(f"(printed by your code)\n{printed.text.rstrip()}{more}")
        if shown.count:
            times = "" if shown.count == 1 else f" {shown.count} times; this is the first"
            print(f"(shown by your code{times})")
            arguments, settings = shown.first
            _shell().display_pub.publish(*arguments, **settings)


@contextlib.contextmanager
def replaced(thing, name, value):
    """Give an object another attribute for a while."""
    own = name in vars(thing)
    before = getattr(thing, name)
    setattr(thing, name, value)
    try:
        yield
    finally:
        if own:
            setattr(thing, name, before)
        else:
            delattr(thing, name)


def _shell():
    """Return IPython's shell, or None outside of a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _display(shown):
    """Hold back what is displayed."""
    shell = _shell()
    return replaced(shell.display_pub, "publish", shown) if shell else contextlib.nullcontext()


@contextlib.contextmanager
def _no_exit():
    """Make `exit()` and `quit()` an error of the answer that calls them.

    In IPython they ask the kernel to stop; elsewhere they close what is read from the keyboard.
    """

    def refuse(*_):
        raise SystemExit("it asks Python to stop; a function hands its value back with `return`")

    shell = _shell()
    asks = replaced(shell, "ask_exit", refuse) if shell else contextlib.nullcontext()
    with replaced(sys, "stdin", io.StringIO()), asks:
        yield


@contextlib.contextmanager
def _logs(stream):
    """Hold back what is logged: a handler keeps the stream that it once was given."""
    loggers = [logging.getLogger(), *logging.getLogger().manager.loggerDict.values()]
    handlers = [
        handler
        for logger in loggers
        for handler in getattr(logger, "handlers", ())
        # A handler of a file is one of a stream too.
        if type(handler) is logging.StreamHandler
    ]
    with contextlib.ExitStack() as stack:
        for handler in handlers:
            stack.enter_context(replaced(handler, "stream", stream))
        yield


@contextlib.contextmanager
def _figures():
    """Close the figures that an answer leaves open, all but the first."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    try:
        yield
    finally:
        pyplot = sys.modules.get("matplotlib.pyplot")
        new = [n for n in pyplot.get_fignums() if n not in before] if pyplot else []
        for number in new[1:]:
            pyplot.close(number)
