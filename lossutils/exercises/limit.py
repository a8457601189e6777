"""A limit of time for an answer, which may catch whatever is raised in it.

Once the time is over, TimeUp is raised at every step that the answer still takes, so that no
`except` and no `finally` of its own gets far. Python 3.12 has `sys.monitoring` for that, which also
works where there are no threads. Before, a signal begins it, and a trace function goes on. Where
there are signals, one also wakes an answer that sleeps. A loop inside one call of C takes no step:
nothing here ends it.
"""

import _thread
import contextvars
import math
import signal
import sys
import threading
import time
from pathlib import Path

_HERE = str(Path(__file__).resolve().parent)
_AGAIN = 0.5  # seconds between two interruptions
_ROOM = 50  # calls; a handler of signals needs some when an answer has used up all there are
_clock = contextvars.ContextVar("clock", default=None)


class TimeUp(BaseException):
    """The time limit of a check is over. No Exception: a learner's `except` must not catch it."""


class Clock:
    """The time of one check. `running` tells whether an answer runs, and not the check itself."""

    def __init__(self, seconds):
        """Begin now."""
        self.end = time.monotonic() + seconds
        self.thread = _thread.get_ident()
        self.running = False

    def stops(self, code):
        """Tell whether this code is an answer's, in this thread, and out of time."""
        return (
            self.running
            and time.monotonic() >= self.end
            and _thread.get_ident() == self.thread
            and not code.co_filename.startswith(_HERE)
        )


class Pursuit:
    """Raise TimeUp again in an answer that has caught it, by a trace function.

    What a trace function raises switches it off. The profile function raises nothing, and switches
    it on again whenever a function is called or left.
    """

    def __init__(self, clock):
        """Do nothing yet."""
        self.clock, self.rounds, self.pass_by = clock, 0, 0

    def begin(self, frame):
        """Pursue what runs in this frame and in those that called it."""
        # The first line outside of all `try` is not known: each time one more line may pass.
        self.pass_by, self.rounds = self.rounds % 8, self.rounds + 1
        sys.setprofile(self.follow)
        while self.clock.stops(frame.f_code):
            self.follow(frame)
            frame = frame.f_back

    def follow(self, frame, event="call", argument=None):
        """Watch the lines of a frame, and of the one that it goes back to."""
        for one in (frame, frame.f_back):
            if one is not None and self.clock.stops(one.f_code):
                one.f_trace = self.trace
        sys.settrace(self.trace)

    def trace(self, frame, event, argument):
        """Raise TimeUp at a line of an answer."""
        if event == "line" and self.clock.stops(frame.f_code):
            if not self.pass_by:
                raise TimeUp
            self.pass_by -= 1
        return self.trace


class Monitor:
    """Raise TimeUp at every call, jump and line of an answer, by `sys.monitoring`."""

    def __init__(self, clock, monitoring):
        """Watch calls and jumps; lines, which cost more, only when the time is over."""
        self.clock, self.monitoring = clock, monitoring
        events = monitoring.events
        self.few = events.PY_START | events.JUMP
        self.all = self.few | events.LINE
        self.tool = next(tool for tool in (4, 3, 5, 2, 1, 0) if monitoring.get_tool(tool) is None)
        monitoring.use_tool_id(self.tool, "the time limit of a check")
        for event in (events.PY_START, events.JUMP, events.LINE):
            monitoring.register_callback(self.tool, event, self.step)
        monitoring.set_events(self.tool, self.few)

    def step(self, code, *_):
        """Stop an answer here if its time is over."""
        if self.clock.stops(code):
            self.pursue()
            raise TimeUp

    def pursue(self, frame=None):
        """Watch lines too from now on."""
        self.monitoring.set_events(self.tool, self.all)

    def end(self):
        """Watch no more."""
        self.monitoring.set_events(self.tool, 0)
        self.monitoring.free_tool_id(self.tool)


class Alarm:
    """Interrupt the main thread when the time is over, and again until it has ended.

    It is interrupted as Ctrl-C would interrupt it, which also works on Windows. A real Ctrl-C stays
    a KeyboardInterrupt.
    """

    def __init__(self, clock, pursue):
        """Start a thread that waits; `pursue` is told the frame that is interrupted."""
        self.clock, self.pursue, self.done = clock, pursue, threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()
        self.before = signal.signal(signal.SIGINT, self.interrupted)

    def watch(self):
        """Wait, then interrupt until the end."""
        pause, room = max(0, self.clock.end - time.monotonic()), sys.getrecursionlimit()
        while not self.done.wait(pause):
            room += _ROOM
            sys.setrecursionlimit(room)
            interrupt(self.clock.thread)
            pause = _AGAIN

    def interrupted(self, number, frame):
        """Tell the end of the time from a real Ctrl-C."""
        if time.monotonic() < self.clock.end:
            raise KeyboardInterrupt
        # The check itself looks at the clock between two calls.
        if self.clock.running:
            self.pursue(frame)
            raise TimeUp

    def end(self):
        """Give the handler back."""
        self.done.set()
        self.watcher.join()
        signal.signal(signal.SIGINT, self.before)


def interrupt(thread):
    """Interrupt the main thread; a signal that is sent to it also wakes it."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        _thread.interrupt_main()


class Tracing:
    """The trace and profile functions of a debugger, say, and the limit of calls, to be put back.

    An answer may set them too.
    """

    def __init__(self):
        """Note them."""
        self.trace, self.profile = sys.gettrace(), sys.getprofile()
        self.calls = sys.getrecursionlimit()

    def restore(self):
        """Put them back."""
        # In this order: the profile function would switch tracing on again.
        sys.setprofile(self.profile)
        sys.settrace(self.trace)
        sys.setrecursionlimit(self.calls)


def run(work, *arguments):
    """Call what belongs to an answer; only here it is stopped when the time is over."""
    clock, tracing = _clock.get() or Clock(math.inf), Tracing()
    if time.monotonic() >= clock.end:
        raise TimeUp
    try:
        clock.running = True
        return work(*arguments)
    finally:
        clock.running = False
        tracing.restore()


class limited:
    """Raise TimeUp in the answers that run in the body, when some seconds are over."""

    def __init__(self, seconds):
        """Take the number of seconds."""
        self.seconds = seconds

    def __enter__(self):
        """Start the clock, and what stops an answer on this Python."""
        self.tracing = Tracing()
        clock, self.ends = Clock(self.seconds), []
        self.token = _clock.set(clock)
        pursue = Pursuit(clock).begin
        if hasattr(sys, "monitoring"):
            monitor = Monitor(clock, sys.monitoring)
            self.ends.append(monitor.end)
            pursue = monitor.pursue
        if threading.current_thread() is threading.main_thread() and can_start_threads():
            self.ends.append(Alarm(clock, pursue).end)

    def __exit__(self, *_):
        """Stop the clock."""
        _clock.get().running = False
        self.tracing.restore()
        for end in reversed(self.ends):
            end()
        # The alarm may have given room once more.
        sys.setrecursionlimit(self.tracing.calls)
        _clock.reset(self.token)


def can_start_threads():
    """Tell whether this Python has threads: in a browser it has none."""
    return sys.platform not in ("emscripten", "wasi")
