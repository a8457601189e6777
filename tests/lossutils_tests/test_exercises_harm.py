"""Nothing that an answer does harms the kernel: it is stopped, held back, and told."""

import contextlib
import inspect
import itertools
import logging
import queue
import signal
import sys
import time
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

from lossutils.exercises import channels, check, limit, run
from lossutils.exercises.judge import evaluate
from lossutils.exercises.model import Choice, Exercise, Function, Number, Probe

HINTS = ("one", "two", "three")
PROBES = tuple(Probe("random", {"x": np.arange(1.0, 2.0 + n)}) for n in range(40))
TOTAL = Exercise("9.1", 1, "Sum", (Function("total", "the sum", np.sum, PROBES),), HINTS)
ONE = Exercise("9.2", 1, "One", (Number("n", "the number", 0.25),), HINTS)
LETTER = Exercise("9.3", 1, "Letter", (Choice("c", "the option", "b"),), HINTS)


def says(exercise, *answers, seconds=20):
    return evaluate(exercise, answers, seconds).text


def of(function):
    return says(TOTAL, function)


# Answers that catch what stops them.


def catches_everything(x):
    while True:
        try:  # noqa: SIM105
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def returns_after_an_error(x):
    try:
        while True:
            time.sleep(0.001)
    except BaseException:
        return x.sum()


def returns_in_finally(x):
    try:
        while True:
            pass
    finally:
        return x.sum()  # noqa: B012


def recursion_that_handles_its_error(x):
    try:
        return recursion_that_handles_its_error(x)
    except Exception:
        return recursion_that_handles_its_error(x)


def recursion_that_handles_everything(x):
    try:
        return recursion_that_handles_everything(x)
    except:  # noqa: E722
        return recursion_that_handles_everything(x)


def two_handlers(x):
    while True:
        try:
            try:
                while True:
                    pass
            except BaseException:
                pass
        except BaseException:
            pass


def a_generator_that_goes_on(x):
    def numbers():
        while True:
            try:
                yield 1
            finally:
                continue  # noqa: B012

    return sum(numbers())


def a_manager_that_suppresses(x):
    while True:
        with contextlib.suppress(BaseException):
            while True:
                pass


def waits_for_ever(x):
    return queue.Queue().get()


def a_key_function_that_loops(x):
    return sorted(x, key=lambda _: [None for _ in itertools.count()])


ENDLESS = (
    catches_everything,
    returns_after_an_error,
    returns_in_finally,
    recursion_that_handles_its_error,
    recursion_that_handles_everything,
    two_handlers,
    a_generator_that_goes_on,
    a_manager_that_suppresses,
    waits_for_ever,
    a_key_function_that_loops,
)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("answer", ENDLESS, ids=lambda answer: answer.__name__)
def test_an_answer_that_does_not_want_to_end_is_stopped(answer):
    handler, calls, began = signal.getsignal(signal.SIGINT), sys.getrecursionlimit(), time.time()
    traced = sys.gettrace(), sys.getprofile()
    assert "9.1 stopped after 0.2 seconds" in says(TOTAL, answer, seconds=0.2)
    assert time.time() - began < 20
    assert (signal.getsignal(signal.SIGINT), sys.getrecursionlimit()) == (handler, calls)
    assert (sys.gettrace(), sys.getprofile()) == traced
    assert of(np.sum) == "9.1 passed: the sum on 40 inputs."


def test_what_needs_no_interruption_is_stopped_between_two_calls(monkeypatch):
    # No threads, as in a browser, and nothing to monitor with.
    monkeypatch.setattr(limit, "can_start_threads", lambda: False)

    def slow(x):
        time.sleep(0.02)
        return x.sum()

    assert "9.1 stopped after 0.1 seconds" in says(TOTAL, slow, seconds=0.1)


def test_a_browser_has_no_threads(monkeypatch):
    assert limit.can_start_threads()
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert not limit.can_start_threads()


def test_where_no_signal_can_be_sent_the_main_thread_is_interrupted(monkeypatch):
    sent = []
    monkeypatch.delattr(signal, "pthread_kill")
    monkeypatch.setattr(limit._thread, "interrupt_main", lambda: sent.append("main"))
    limit.interrupt(0)
    assert sent == ["main"]


class Monitoring:
    """What `sys.monitoring` does, without Python's help: a test sends the events."""

    events = SimpleNamespace(PY_START=1, JUMP=2, LINE=4)

    def __init__(self):
        self.tools, self.callbacks, self.set = {4: "a debugger"}, {}, None

    def get_tool(self, tool):
        return self.tools.get(tool)

    def use_tool_id(self, tool, name):
        self.tools[tool] = name

    def free_tool_id(self, tool):
        del self.tools[tool]

    def register_callback(self, tool, event, callback):
        self.callbacks[tool, event] = callback

    def set_events(self, tool, events):
        self.set = tool, events


def test_where_python_can_be_monitored_every_step_is_stopped(monkeypatch):
    monitoring = Monitoring()
    monkeypatch.setattr(sys, "monitoring", monitoring, raising=False)
    monkeypatch.setattr(limit, "can_start_threads", lambda: False)
    steps = []

    def answer(x):
        while len(steps) < 10**6:
            # Python would do this, before the jump to the next round.
            monitoring.callbacks[3, 2](answer.__code__, 0, 0)
            steps.append(monitoring.set)

    assert "9.1 stopped after 0.1 seconds" in says(TOTAL, answer, seconds=0.1)
    # Lines are watched when the time is over, not before; the tool of another stays.
    assert set(steps) == {(3, 3)}
    assert monitoring.tools == {4: "a debugger"}
    assert monitoring.set == (3, 0)


def test_an_alarm_that_comes_while_the_check_itself_works_waits(monkeypatch):
    clock, told = limit.Clock(-1), []
    monkeypatch.setattr(limit.threading, "Thread", lambda **_: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr(limit.signal, "signal", lambda *_: None)
    alarm = limit.Alarm(clock, told.append)
    assert alarm.interrupted(2, "frame") is None
    clock.running = True
    with pytest.raises(limit.TimeUp):
        alarm.interrupted(2, "frame")
    assert told == ["frame"]
    clock.end += 99
    with pytest.raises(KeyboardInterrupt):
        alarm.interrupted(2, "frame")


def test_only_an_answer_is_stopped_and_only_when_its_time_is_over():
    clock = limit.Clock(-1)
    frame = sys._getframe()
    pursuit = limit.Pursuit(clock)
    assert pursuit.trace(frame, "line", None) == pursuit.trace
    clock.running = True
    assert pursuit.trace(frame, "call", None) == pursuit.trace
    pursuit.pass_by = 1
    assert pursuit.trace(frame, "line", None) == pursuit.trace
    with pytest.raises(limit.TimeUp):
        pursuit.trace(frame, "line", None)
    assert not clock.stops(limit.run.__code__)
    clock.thread = 0
    assert not clock.stops(frame.f_code)
    assert not limit.Clock(9).stops(frame.f_code)


def test_the_pursuit_goes_from_frame_to_frame_up_to_the_check(monkeypatch):
    clock, set_ = limit.Clock(-1), {}
    monkeypatch.setattr(sys, "settrace", lambda f: set_.update(trace=f))
    monkeypatch.setattr(sys, "setprofile", lambda f: set_.update(profile=f))
    clock.running = True
    pursuit = limit.Pursuit(clock)
    code = test_numpy_gets_its_functions_back.__code__
    check_s = SimpleNamespace(f_code=limit.run.__code__, f_back=None)
    outer = SimpleNamespace(f_code=code, f_back=check_s)
    inner = SimpleNamespace(f_code=code, f_back=outer)
    pursuit.begin(inner)
    assert inner.f_trace == outer.f_trace == pursuit.trace
    assert not hasattr(check_s, "f_trace")
    assert set_ == {"trace": pursuit.trace, "profile": pursuit.follow}
    pursuit.follow(check_s, "return")
    assert not hasattr(check_s, "f_trace")


# What an answer leaves behind.


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


class Untouchable:
    def __array__(self, *_, **__):
        raise Unprintable

    def __repr__(self):
        raise SystemExit


def raising(error):
    raise error


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x: raising(Unprintable()), "total raises Unprintable: (its message cannot be"),
        (lambda x: raising(BaseException("odd")), "total raises BaseException: odd"),
        (lambda x: raising(GeneratorExit()), "total raises GeneratorExit"),
        (lambda x: raising(ValueError("x" * 10**6)), f"raises ValueError: {'x' * 50}"),
        (lambda x: Untouchable(), "total returns of type Untouchable and cannot be read as"),
        (lambda x: [Untouchable()], "cannot be read as numbers: Unprintable"),
        (lambda x: 10**400, "cannot be read as numbers: OverflowError"),
        (lambda x: np.ma.masked_array([1.0], [True]), "an array with masked elements"),
        (lambda x: [np.ma.masked], "a list that holds an array with masked elements"),
        (lambda x: np.ma.masked, "an array with masked elements"),
    ],
)
def test_what_cannot_be_shown_or_read_is_told(answer, sentence):
    text = of(answer)
    assert sentence in " ".join(text.split())
    assert len(text) < 600


@pytest.mark.parametrize("answer", [Untouchable(), Unprintable(), [Untouchable()], "x" * 999])
def test_no_answer_makes_the_check_fail(answer):
    for exercise in (TOTAL, ONE, LETTER):
        result = evaluate(exercise, (answer,), 5)
        assert result.status == "misused"
        assert len(result.text) < 200


def test_an_answer_that_the_check_cannot_even_look_at():
    class Sly:
        def __getattr__(self, name):
            raise ZeroDivisionError("sly")

    assert "9.2 could not be checked: ZeroDivisionError: sly. Has your code changed" in says(
        ONE, Sly()
    )


def test_numpy_gets_its_functions_back():
    right = np.sum, np.linalg.norm, np.array_equal

    def careless(x):
        np.sum = np.array_equal = x.sum()
        np.linalg.norm = None
        return np.sum

    text = says(TOTAL, careless)
    assert text.startswith("9.1 passed")
    assert "np.array_equal, np.sum and numpy.linalg.norm were overwritten by your code" in text
    assert (np.sum, np.linalg.norm, np.array_equal) == right
    np.sum = 3
    assert "np.sum was overwritten by your code" in says(ONE, 0.25)
    assert "overwritten" not in says(ONE, 0.25)


def test_a_check_inside_an_answer_is_refused(capsys):
    def nested(x):
        check("3.1", 17 / 3, 5 / 3)
        return x.sum()

    assert of(nested) == "9.1 passed: the sum on 40 inputs."
    assert "3.1: a check is under way already" in capsys.readouterr().out


def test_a_limit_of_calls_ends_with_the_call():
    def narrow(x):
        sys.setrecursionlimit(len(inspect.stack()) + 9)
        return 0.0

    before = sys.getrecursionlimit()
    # Whether so few calls are enough for a return depends on who looks on.
    assert "9.1 not yet" in of(narrow)
    assert sys.getrecursionlimit() == before


def test_an_attribute_that_is_never_found_is_stopped():
    class Endless:
        def __getattr__(self, name):
            while True:
                pass

    assert "stopped after 0.2 seconds" in says(ONE, Endless(), seconds=0.2)


def test_a_setting_of_numpy_ends_with_the_call():
    def strict(x):
        np.seterr(all="raise")
        return x.sum()

    before = np.geterr()
    assert "passed" in of(strict)
    assert np.geterr() == before


# Floods.


@pytest.fixture
def shell(monkeypatch):
    """A notebook's IPython, as far as the check knows it."""
    shell = SimpleNamespace(published=[], asked=0)
    shell.display_pub = SimpleNamespace(publish=lambda **data: shell.published.append(data))

    def ask_exit():
        shell.asked += 1

    shell.ask_exit = ask_exit
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    return shell


def test_exit_in_a_notebook_does_not_reach_the_kernel(shell):
    def leaves(x):
        shell.ask_exit()
        return x.sum()

    assert "total raises SystemExit: it asks Python to stop" in of(leaves)
    assert shell.asked == 0
    shell.ask_exit()
    assert shell.asked == 1


def test_exit_outside_of_a_notebook_does_not_close_the_keyboard(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    before = sys.stdin

    def leaves(x):
        sys.stdin.close()
        raise SystemExit

    assert "total raises SystemExit" in of(leaves)
    assert sys.stdin is before
    assert not before.closed


@pytest.mark.parametrize("count", [1, 40])
def test_what_is_displayed_is_shown_once(shell, capsys, count):
    calls = itertools.count()

    def showing(x):
        if next(calls) < count:
            shell.display_pub.publish(data=x)
        return x.sum()

    assert "passed" in of(showing)
    times = "" if count == 1 else " 40 times; this is the first"
    assert capsys.readouterr().out == f"(shown by your code{times})\n"
    assert len(shell.published) == 1


def test_all_that_is_printed_and_logged_is_shown_up_to_a_limit(capsys):
    logger = logging.getLogger("a learner's")
    handler = logging.StreamHandler(sys.stderr)
    logger.addHandler(handler)
    streams = []

    def loud(x):
        streams.append(sys.stdout)
        print("#" * 60)
        print("#" * 60, file=sys.stderr)
        logger.error("#" * 60)
        logging.getLogger("another").warning("#" * 60)
        return x.sum()

    stream = handler.stream
    try:
        assert "passed" in of(loud)
    finally:
        logger.removeHandler(handler)
    out, err = capsys.readouterr()
    assert out.count("(printed by your code)") == 1
    assert out.endswith("(and more)\n")
    assert 900 < out.count("#") <= 1000
    assert err == ""
    assert handler.stream is stream
    # What an answer has kept of it leads on to where it belongs.
    print("later", file=streams[0])
    assert capsys.readouterr().err == "later\n"


def test_of_many_open_figures_one_is_left():
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.close("all")
    mine = plt.figure().number

    def drawing(x):
        plt.figure()
        return x.sum()

    assert "passed" in of(drawing)
    assert len(plt.get_fignums()) == 2
    assert plt.get_fignums()[0] == mine
    plt.close("all")


def test_without_matplotlib_there_are_no_figures(monkeypatch):
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    assert "passed" in of(np.sum)


def test_an_attribute_of_a_class_is_given_back_to_it():
    class Publisher:
        def publish(self):
            return "shown"

    publisher = Publisher()
    with channels.replaced(publisher, "publish", None):
        assert publisher.publish is None
    assert publisher.publish() == "shown"
    assert "publish" not in vars(publisher)


def test_a_real_kernel_survives(tmp_path):
    """IPython's own `exit`, a plot and a display in each call, and a log on top of it."""
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    cells = [
        "import logging, sys\nimport numpy as np, matplotlib.pyplot as plt\n"
        "from IPython.display import display, HTML\nfrom lossutils.exercises import check\n"
        "logging.basicConfig()\n"
        "def right(y, p, d):\n"
        "    s = np.abs(p - y)\n"
        "    return np.mean(np.where(s <= d, s**2 / 2, d * (s - d / 2)))\n"
        "def grad(y, p, d): return np.clip(np.asarray(p, float) - y, -d, d) / np.size(y)",
        "def leaving(y, p, d):\n    quit(); return right(y, p, d)\ncheck('3.2', leaving, grad)",
        "times = []\n"
        "def flood(y, p, d):\n    times.append(1)\n    if len(times) < 6:\n"
        "        plt.figure(); plt.plot(p); plt.show()\n"
        "        display(HTML('<b>x</b>'))\n"
        "    logging.warning('log'); print('out', file=sys.stderr)\n    return right(y, p, d)\n"
        "check('3.2', flood, grad)",
        "print('alive')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    _, leaving, flood, alive = notebook.cells
    assert "my_huber raises SystemExit" in leaving.outputs[0].text
    kinds = [output.output_type for output in flood.outputs]
    assert kinds.count("display_data") == 1
    text = "".join(o.text for o in flood.outputs if o.output_type == "stream")
    assert len(text) < 1500
    assert "3.2 passed" in text
    assert alive.outputs[0].text == "alive\n"


def test_a_folder_whose_name_begins_as_the_library_s_is_the_learner_s():
    for folder in (run._HERE.parent, contextlib.__file__.removesuffix("/contextlib.py")):
        names = {}
        code = compile("def f(x):\n    return x[9]", f"{folder}_mine/ex.py", "exec")
        exec(code, names)
        assert "line 2 of f" in of(names["f"])


def test_a_number_as_a_letter():
    passes = "9.3 passed. Right: the option."
    for right in (2, 2.0, np.int64(2), np.uint8(2), np.array(2), np.str_("b"), Decimal(2)):
        assert says(LETTER, right) == passes
    for wrong in (True, np.True_, np.array(True), 2 + 0j, np.nan, 2.5, 0, 5, np.array([2])):
        assert evaluate(LETTER, (wrong,), 5).status == "misused"
