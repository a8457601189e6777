"""What `check`, `hint` and `progress` say, for right, wrong and broken answers."""

import subprocess
import sys
import threading
from dataclasses import is_dataclass

import numpy as np
import pytest

import lossutils as lu
from lossutils.exercises import check, hint, judge, model, progress, run, session
from lossutils.exercises.judge import evaluate
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe
from lossutils.exercises.words import told_apart

HINTS = ("one", "two", "three")


def right(y_true, y_pred):
    return np.mean(np.abs(y_pred - y_true))


def right_grad(y_true, y_pred):
    return np.sign(np.asarray(y_pred, dtype=float) - y_true) / np.size(y_true)


PROBES = (
    Probe("random", {"y_true": np.array([1.0, 2.0, 4.0]), "y_pred": np.array([2.0, -1.5, 4.25])}),
    Probe("hand-size", {"y_true": np.array([0.0]), "y_pred": np.array([2.0])}),
    Probe("zero error", {"y_true": np.array([1.0, 3.0]), "y_pred": np.array([1.0, 3.0])}),
    Probe("whole numbers", {"y_true": np.array([1, 2]), "y_pred": np.array([4, 1])}),
    Probe(
        "float32",
        {"y_true": np.float32([0.5, 1]), "y_pred": np.float32([1, 3])},
        tolerance=1e-4,
    ),
)
MY_LOSS = Function("my_loss", "value", right, PROBES)
MY_GRAD = Function("my_grad", "gradient", right_grad, PROBES)
PAIR = Exercise("9.1", 2, "A pair", (MY_LOSS, MY_GRAD), HINTS)


@MY_LOSS.mistake("squared")
def squared(y_true, y_pred):
    return np.mean((y_pred - y_true) ** 2.0)


@MY_LOSS.mistake("largest")
def largest(y_true, y_pred):
    return np.max(np.abs(y_pred - y_true))


@MY_LOSS.mistake("first")
def first(y_true, y_pred):
    return np.abs(y_pred - y_true).flat[0]


ONE = Exercise("9.2", 1, "One", (Number("n", "the number", 0.25),), HINTS)
TWO = Exercise("9.3", 1, "Two", (Array("a", "the list", (1.0, 2.0)),), HINTS)
LETTER = Exercise("9.4", 1, "Letter", (Choice("c", "the option", "b", "abc"),), HINTS)
POSITION = Exercise(
    "9.5",
    1,
    "No kinds",
    (Function("f", "the function", lambda x: x, (Probe("random", {"x": 2.0}),)),),
    HINTS,
)


def says(exercise, *answers):
    return evaluate(exercise, answers, 5).text


def of(function):
    return says(PAIR, function, right_grad)


def with_gradient(function):
    return says(PAIR, right, function)


def test_passed_names_what_was_tested():
    assert says(PAIR, right, right_grad) == (
        "9.1 passed: value and gradient on 5 inputs, among them zero error, whole numbers and "
        "float32."
    )
    assert says(POSITION, lambda x: x) == "9.5 passed: the function on 1 inputs."
    assert says(ONE, 1 / 4) == "9.2 passed. Right: the number."
    assert says(ONE, 0.2504) == says(ONE, 0.25)
    assert says(TWO, [1.0004, 2]) == says(TWO, [1, 2])
    assert says(ONE, np.float32(0.25)) == "9.2 passed. Right: the number."
    assert says(TWO, [1, 2]) == says(TWO, np.array([1.0, 2.0])) == "9.3 passed. Right: the list."


def test_a_small_value_must_be_right_in_its_own_digits_where_a_probe_says_so():
    def status(**tolerances):
        probes = (Probe("random", {"x": 2.0}), Probe("small", {"x": 1e-13}, **tolerances))
        part = Function("f", "the function", lambda x: x, probes)
        exercise = Exercise("9.6", 1, "Small", (part,), HINTS)
        return evaluate(exercise, (lambda x: x if x > 1 else 1.1 * x,), 5).status

    assert status() == "passed"
    assert status(absolute=0.0) == "failed"


@pytest.mark.parametrize("answer", ["b", "B", " (b) ", "b.", 2])
def test_an_option_by_letter_or_number(answer):
    assert says(LETTER, answer) == "9.4 passed. Right: the option."


@pytest.mark.parametrize("answer", ["d", "", "ab", 0, 4, 2.5, None, ["b"]])
def test_no_option(answer):
    result = evaluate(LETTER, [answer], 5)
    assert result.status == "misused"
    assert result.text == f'9.4: c must be one of "a", "b", "c"; got {answer!r}.'


def test_a_wrong_option_with_a_diagnosis():
    part = Choice("c", "the option", "b", "abc").mistakes(a="Too early.")
    exercise = Exercise("9.4", 1, "Letter", (part,), HINTS)
    assert says(exercise, 1) == says(exercise, "A") == "9.4 not yet: the option. Too early."


@pytest.mark.parametrize("answer", ["a", 1, 3])
def test_a_wrong_option_without_a_diagnosis(answer):
    assert says(LETTER, answer) == "9.4 not yet: the option. Try each option on a small example."


def test_the_smallest_input_that_shows_the_difference():
    # Wrong on three inputs; the second one is the smallest.
    assert of(lambda y, p: right(y, p) + 0.5) == (
        "9.1 not yet: value. For\n  y_true = [0.0]\n  y_pred = [2.0]\n"
        "  expected 2.0\n  got      2.5"
    )


def test_values_are_shown_with_the_digits_that_tell_them_apart():
    assert "expected 2.0\n  got      2.0000001" not in of(lambda y, p: right(y, p) + 1e-7)
    assert "expected 2.0\n  got      2.00001" in of(lambda y, p: right(y, p) + 1e-5)
    assert "expected 2.0\n  got      2.000004" in of(lambda y, p: right(y, p) + 4e-6)


def test_known_wrong_answers_are_named():
    assert of(lambda y, p: np.mean((p - y) ** 2.0)) == "9.1 not yet: value. squared"
    # Right where the known-wrong one is right too, and different elsewhere: no match.
    assert "squared" not in of(lambda y, p: np.mean((p - y) ** 2.0) + 1)


def test_of_two_known_wrong_answers_the_closer_one_is_named():
    assert of(lambda y, p: np.max(np.abs(p - y))) == "9.1 not yet: value. largest"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda g: -g, "The sign is flipped"),
        (lambda g: g * g.size, "It is n times too large"),
        (lambda g: g / g.size, "It is n times too small"),
        (lambda g: -g * g.size, "The sign is flipped: is it prediction minus truth? It is n times"),
        (lambda g: 3 * g, "On every input it is the right one times 3.0."),
        (lambda g: -3 * g, "is it prediction minus truth? On every input it is the right one"),
        (lambda g: g.reshape(-1, 1), "The shape is (1, 1), and (1,) is wanted."),
        (lambda g: g.sum(), "One number comes back, and an array of shape (1,) is wanted."),
        (lambda g: g * np.nan, "A number is not finite"),
    ],
)
def test_general_diagnoses(change, sentence):
    assert sentence in with_gradient(lambda y, p: change(right_grad(y, p)))


def test_no_factor_is_named_where_there_is_none():
    for change in (
        lambda g: 0 * g,
        lambda g: g + 0.25,
        lambda g: g * (1 + np.arange(g.size)),
        lambda g: g * (1 + g.size**2),
    ):
        text = with_gradient(lambda y, p, change=change: change(right_grad(y, p)))
        assert text.startswith("9.1 not yet: gradient. For\n"), text


def test_no_factor_is_named_if_some_inputs_show_something_else():
    mixed = Probe("zero error", {"y": np.array([1.0, 2.0]), "p": np.array([1.0, 4.0])})
    part = Function("f", "it", right_grad, (*PROBES, mixed))
    exercise = Exercise("9.8", 1, "Mixed", (part,), HINTS)

    def kink(y, p):
        return -(right_grad(y, p) + (p == y))

    def sometimes_nan(y, p):
        return -right_grad(y, p) * (np.nan if p.size == 3 else 1)

    def sometimes_short(y, p):
        return -right_grad(y, p)[:2]

    for function in (kink, sometimes_nan, sometimes_short):
        assert says(exercise, function).startswith("9.8 not yet: it. For\n")


def test_values_that_cannot_be_told_apart_are_shown_in_full():
    assert told_apart(0.1, 0.1) == ("0.10000000000000001", "0.10000000000000001")


def test_a_missing_mean():
    text = of(lambda y, p: np.abs(p - y))
    assert "An array of shape (1,) comes back, and one number is wanted: is the mean mis" in text


def test_whole_numbers_that_come_back():
    def truncated(y, p):
        return right_grad(y, p).astype(np.asarray(y).dtype)

    text = with_gradient(truncated)
    assert "Whole numbers come back" in text
    assert "y_true = [1, 2]" in text
    assert "expected [0.5, -0.5]\n  got      [0, 0]" in text


def test_float32_and_long_inputs_are_marked():
    long = Probe("random", {"x": np.arange(8.0)})
    exercise = Exercise("9.6", 1, "Long", (Function("f", "it", np.sum, (long,)),), HINTS)
    assert "x = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ... 8 numbers]" in says(exercise, lambda x: 0.5)

    def poor(y, p):
        return right(y, p) + (np.asarray(y).dtype == np.float32)

    assert "y_true = [0.5, 1.0] (float32)" in of(poor)


def test_nothing_returned():
    assert of(lambda y, p: print(end="")) == (
        "9.1 not yet: value. my_loss returns nothing: is the `return` missing?"
    )

    def half_stub(y, p):
        y = y + 1
        return ...

    assert of(half_stub) == "9.1 not yet: value. my_loss still returns `...`."


def test_what_stops_python_is_told_before_what_is_wrong():
    def fragile(y, p):
        return None if p.dtype == np.float32 else right(y, p)

    def wrong_and_fragile(y, p):
        return None if p.dtype == np.float32 else 9.0

    assert "returns nothing" in of(fragile)
    assert "returns nothing" in of(wrong_and_fragile)


def test_a_changed_input_is_reported():
    def greedy(y, p):
        p -= y
        return np.mean(np.abs(p))

    assert "my_loss changes its input y_pred" in of(greedy)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("text", "my_loss returns 'text': a number or an array of numbers is wanted"),
        (True, "my_loss returns True: a number"),
        ([[1], [1, 2]], "my_loss returns a list of lists of different lengths"),
        ({1: 2}, "my_loss returns a dict: a number"),
        (1j, "my_loss returns a complex: a number"),
        (np.array([1j]), "my_loss returns an array of type complex128: a number"),
        (np.array([True]), "my_loss returns an array of type bool: a number"),
    ],
)
def test_values_of_the_wrong_type(value, sentence):
    assert sentence in of(lambda y, p: value)


def test_a_tensor_is_named():
    torch = pytest.importorskip("torch")
    kept = torch.tensor(0.25, requires_grad=True)
    assert "my_loss returns a torch tensor that keeps track of gradients" in of(lambda y, p: kept)
    assert "my_loss returns a list that holds a torch tensor" in of(lambda y, p: [kept])
    assert "n is a torch tensor that keeps track" in says(ONE, kept)
    assert "passed" in of(lambda y, p: torch.tensor(right(y, p)))
    assert says(ONE, kept.detach()) == says(ONE, 0.25)


def test_an_exception_is_told_by_the_learner_s_own_line():
    def broken(y, p):
        scale = [1, 2]
        return scale[7]

    text = of(broken)
    line = broken.__code__.co_firstlineno + 2
    assert "my_loss raises IndexError: list index out of range" in text
    assert f"line {line} of broken: return scale[7]" in text
    assert "y_true = [1.0, 2.0, 4.0]" in text
    assert "Traceback" not in text


def test_an_exception_in_a_library_names_the_line_that_called_it():
    def wrong_shape(y, p):
        return lu.mse_loss(y, p[:, None])

    text = of(wrong_shape)
    assert "return lu.mse_loss(y, p[:, None])" in text
    assert "_validation" not in text


def test_an_exception_without_a_line():
    assert "when it is called with 2 arguments" in of(lambda y: y)
    names = {}
    exec("def unseen(y, p):\n    raise ValueError('no file')", names)
    assert "line 2 of unseen\n" in of(names["unseen"])


def test_exit_does_not_end_the_kernel():
    def leave(y, p):
        raise SystemExit(3)

    assert "my_loss raises SystemExit: 3" in of(leave)


def test_warnings_are_held_back():
    def noisy(y, p):
        np.log(np.zeros(1))
        return right(y, p)

    assert "passed" in of(noisy)


def test_what_the_learner_prints_is_shown_up_to_a_limit(capsys):
    def chatty(y, p):
        print("#" * 600)
        return right(y, p)

    assert "passed" in of(chatty)
    out = capsys.readouterr().out
    assert out.startswith("(printed by your code)\n###")
    assert out.count("#") == 999  # of a thousand letters one ends a line


def test_a_loop_without_an_end_is_stopped():
    def endless(y, p):
        while True:
            y = y + 0

    result = evaluate(PAIR, (endless, right_grad), 0.5)
    assert result.status == "failed"
    assert "9.1 stopped after 0.5 seconds: is there a loop that never ends?" in result.text
    assert "of endless: " in result.text


def test_ctrl_c_stays_ctrl_c():
    import _thread

    def interrupted(y, p):
        _thread.interrupt_main()
        for _ in range(1000):
            y = y + 0

    with pytest.raises(KeyboardInterrupt):
        evaluate(PAIR, (interrupted, right_grad), 5)


def test_the_time_up_without_a_line_of_the_learner(monkeypatch):

    def over(*_):
        raise judge.TimeUp

    monkeypatch.setattr(judge, "_first_problem", over)
    monkeypatch.setattr(judge, "own_line", lambda error: "")
    assert says(ONE, 1).endswith("a loop that never ends?")


def test_a_check_in_another_thread_has_no_limit():
    results = []
    thread = threading.Thread(target=lambda: results.append(says(PAIR, right, right_grad)))
    thread.start()
    thread.join()
    assert results[0].startswith("9.1 passed")


def test_stubs():
    def stub(y, p): ...

    def documented(y, p):
        """Say what."""

    def passing(y, p):
        pass

    for untouched in (stub, documented, passing, ...):
        result = evaluate(PAIR, (untouched, untouched), 5)
        assert result.status == "not started"
        assert result.text == "9.1 not started yet: replace the ... (my_loss and my_grad)."
    half = evaluate(PAIR, (right, stub), 5)
    assert half.status == "failed"
    assert half.text == (
        "9.1 right so far: value. Not started yet: my_grad; replace the ... there."
    )
    assert says(PAIR, stub, right).startswith("9.1 not yet: gradient.")
    assert "not started" in says(ONE, ...)


def test_swapped_answers():
    result = evaluate(PAIR, (right_grad, right), 5)
    assert result.status == "misused"
    assert result.text.endswith("in another order. It is: my_loss, my_grad.")


def test_exchanged_values_where_the_exercise_is_about_them():
    parts = (
        Number("wanted", "the first", 1.0).mistakes((2.0, "That is the other one.")),
        Number("computed", "the second", 2.0),
    )
    exchangeable = Exercise("9.7", 1, "Two", parts, HINTS)
    assert "in another order" in says(exchangeable, 2.0, 1.0)
    strict = Exercise("9.7", 1, "Two", parts, HINTS, exchangeable=False)
    assert says(strict, 2.0, 1.0) == "9.7 not yet: the first. That is the other one."
    assert says(strict, 1.0, 2.0) == "9.7 passed. Right: the first and the second."


def test_an_infinity_that_was_clipped():
    probes = (Probe("hand-size", {"x": 1.0}), Probe("an infinite value", {"x": np.inf}))
    part = Function("f", "the function", lambda x: x, probes)
    exercise = Exercise("9.8", 1, "Infinity", (part,), HINTS)
    for clip in (10.0, 0.5):
        text = says(exercise, lambda x, clip=clip: min(x, clip))
        assert "is it clipped, or left out?" in " ".join(text.split())
    assert "clipped" not in says(exercise, lambda x: 2.0 * x)


@pytest.mark.parametrize(
    ("exercise", "answers", "sentence"),
    [
        (PAIR, (), '9.1: no answer was given. Write check("9.1", my_loss, my_grad).'),
        (PAIR, (right,), "9.1 takes 2 answers, and got 1."),
        (ONE, (1, 2), '9.2 takes one answer, and got 2. Write check("9.2", n).'),
        (PAIR, (3.5, right_grad), "my_loss must be the function itself, without brackets; got 3.5"),
        (PAIR, ([1], right_grad), "without brackets; got a list."),
        (ONE, (right,), "9.2: n is a function; one number is asked for."),
        (ONE, (None,), "9.2: n is None. Did a function without `return` compute it?"),
        (ONE, ("1",), "9.2: n is '1': a number"),
        (ONE, ([1],), "9.2: n is an array of shape (1,); one number is asked for."),
        (TWO, (3,), "9.3: a is one number; 2 numbers in a list are asked for."),
        (TWO, ([3],), "9.3: a is an array of shape (1,); 2 numbers in a list are asked for."),
    ],
)
def test_wrong_use(exercise, answers, sentence):
    result = evaluate(exercise, answers, 5)
    assert result.status == "misused"
    assert sentence in result.text


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (-0.25, "The size is right and the sign is flipped."),
        (25, "That is a percentage"),
        (np.inf, "It is not a finite number."),
        (1, "1.0 is too large."),
        (0.1, "0.1 is too small."),
    ],
)
def test_wrong_numbers(answer, sentence):
    assert sentence in says(ONE, answer)


def test_wrong_elements():
    assert says(TWO, [1, 3]).endswith("Wrong is the element at 1.")
    assert says(TWO, [np.nan, 3]).endswith("Wrong are the elements at 0, 1.")


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(session, "_checked", {})
    monkeypatch.setattr(session, "_hinted", {})
    first, last = (
        Exercise("9.1", 1, "First", ONE.parts, HINTS),
        Exercise("9.2", 3, "Last", ONE.parts, HINTS),
    )
    other = Exercise("10.1", 1, "Other", ONE.parts, HINTS)
    book = {9: {"9.1": first, "9.2": last}, 10: {"10.1": other}}
    monkeypatch.setattr(session, "chapters", lambda: book)
    monkeypatch.setattr(session, "chapter", lambda number: book.get(number, {}))


def test_check_prints_and_returns_nothing(fresh, capsys):
    assert check("9.1", 0.25) is None
    assert capsys.readouterr().out == "9.1 passed. Right: the number.\n"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("9.7", "There is no exercise '9.7'. Chapter 9 has 9.1, 9.2."),
        ("8.1", "There is no exercise '8.1'. There are 9.1, 9.2, 10.1."),
        ("huber", "There is no exercise 'huber'. There are 9.1, 9.2, 10.1."),
        (9.1, 'Give the exercise\'s number in quotes, as in check("3.2", ...); got 9.1.'),
    ],
)
def test_an_unknown_exercise(fresh, capsys, number, sentence):
    check(number, 1)
    assert capsys.readouterr().out == sentence + "\n"


@pytest.mark.parametrize("number", ["0.1", f"{len(session.CHAPTERS) + 1}.1", "huber"])
def test_an_unknown_chapter(capsys, number):
    check(number, 1)
    said = capsys.readouterr().out
    assert said.startswith(f"There is no exercise {number!r}. There are 1.1, 1.2, ")
    last = list(session.chapters().values())[-1]
    assert said.endswith(f" {list(last)[-1]}.\n")


def test_hints_come_one_by_one(fresh, capsys):
    for _ in range(4):
        hint(" 9.1 ")
    assert capsys.readouterr().out.splitlines() == [
        "9.1, hint 1 of 3: one",
        "9.1, hint 2 of 3: two",
        "9.1, hint 3 of 3: three",
        "9.1: that was the last hint, number 3, and here it is once more.",
        "9.1, hint 3 of 3: three",
    ]
    hint("8.8")
    assert "There is no exercise '8.8'." in capsys.readouterr().out


def test_progress(fresh, capsys):
    progress()
    assert capsys.readouterr().out.startswith("Nothing was checked yet.")
    check("9.1", ...)
    check("9.2", 7)
    check("9.2")
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out.splitlines() == [
        "Chapter 9: 0 of 2 done",
        "  9.1   ★    not yet  First",
        "  9.2   ★★★  tried    Last",
        "Next: 9.1 First",
    ]
    check("9.1", 0.25)
    check("9.2", 0.25)
    hint("10.1")
    capsys.readouterr()
    progress()
    out = capsys.readouterr().out
    assert "Chapter 9: 2 of 2 done" in out
    assert "All done.\nChapter 10: 0 of 1 done" in out


def test_long_texts_are_wrapped(capsys):
    check("3.1", 17, 5 / 3)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 76


def test_a_check_that_was_called_wrongly_is_no_beginning(fresh, capsys):
    check("9.1")
    progress()
    assert "Nothing was checked yet" in capsys.readouterr().out
    check("9.1", ...)
    progress()
    assert "Chapter 9: 0 of 2 done" in capsys.readouterr().out


def test_what_describes_an_exercise_cannot_be_changed():
    assert "9.1" in of(lambda y, p: None)  # builds a problem and a result
    for module in (model, run):
        classes = [c for c in vars(module).values() if is_dataclass(c)]
        assert classes
        loose = [c.__name__ for c in classes if not c.__dataclass_params__.frozen]
        assert not loose, f"not frozen in {module.__name__}: {loose}"


def test_every_chapter_has_exercises():
    assert all(session.chapters().values())


def wrong_answers(exercise):
    """Return every known wrong answer: the place of its part, the answer, what is said."""
    return [(place, *pair) for place, p in enumerate(exercise.parts) for pair in p.known.items()]


def test_the_book_s_exercises_are_consistent():
    for number, exercises in session.chapters().items():
        for place, (key, exercise) in enumerate(exercises.items(), 1):
            assert key == exercise.id == f"{number}.{place}"
            assert exercise.stars in (1, 2, 3)
            solved = [part.value for part in exercise.parts]
            assert evaluate(exercise, solved, 5).status == "passed"
            for part, answer, says in wrong_answers(exercise):
                answers = list(solved)
                answers[part] = answer
                assert says in evaluate(exercise, answers, 5).text


def printed_by(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_a_check_imports_only_its_chapter():
    code = (
        "import sys; from lossutils.exercises import check, hint, progress, session\n"
        "check('3.2', ...); hint('3.2'); progress()\n"
        "chapters = {f'lossutils.exercises.{name}' for name in session.CHAPTERS}\n"
        "print(*(chapters & set(sys.modules)))"
    )
    module = f"lossutils.exercises.{session.CHAPTERS[2]}"
    assert printed_by(code).splitlines()[-1] == module


def test_what_takes_long_is_computed_when_it_is_asked_for():
    code = (
        "import numpy as np; np.quantile = None; from lossutils.exercises import check\n"
        "check('11.1', [1, 3, 0.9, 9, 1], 'c')"
    )
    assert printed_by(code).startswith("11.1 passed")


def test_numpy_is_enough():
    code = (
        "import sys; from lossutils.exercises import session; session.chapters(); "
        "print({'matplotlib', 'torch', 'IPython'} & set(sys.modules))"
    )
    assert printed_by(code) == "set()\n"
