"""Answers as people hand them in: right ones in every form, and wrong ones that have a name.

Driven by the solutions in the book, so a new exercise needs no new test.
"""

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

import lossutils as lu
from lossutils.exercises.judge import evaluate
from lossutils.exercises.model import Array, Choice, Function, Number
from lossutils.exercises.session import chapters
from lossutils.exercises.words import DECIMALS
from tools.book import BOOK, load, notebooks
from tools.tasks import all_tasks, fresh_names, run

TASKS = [task for tasks in all_tasks().values() for task in tasks]
TEXTS = {task.id: " ".join(task.text.split()) for task in TASKS}
DATA = {key: e for exercises in chapters().values() for key, e in exercises.items()}
PARTS = [(key, place, part) for key, e in DATA.items() for place, part in enumerate(e.parts)]


def each_part(*kinds):
    """Return a decorator: the test runs for each part of these kinds."""
    found = [(key, place) for key, place, part in PARTS if isinstance(part, kinds)]
    return pytest.mark.parametrize(("key", "place"), found)


each_exercise = pytest.mark.parametrize("key", DATA)
each_number, each_function = each_part(Number, Array), each_part(Function)
each_choice = each_part(Choice)


def solutions():
    """Return the answers of all solutions in the book, by the exercise's number."""
    found = {}
    for tasks in all_tasks().values():
        names = fresh_names()
        for task in tasks:
            run(task.stub + task.solution, names)
            found[task.id] = task.answers(names)
    return found


@pytest.fixture(scope="module")
def solved():
    return solutions()


def said(key, *answers):
    return " ".join(evaluate(DATA[key], answers).text.split())


# Right answers in every form.


def each(convert, kind=list):
    """Return a form that converts every number, with those of an axis in a list or its like."""

    def form(value):
        array = np.asarray(value)
        return convert(array[()]) if array.ndim == 0 else kind(map(form, array))

    return form


def tensor(value):
    return pytest.importorskip("torch").tensor(np.array(value))


def tensor_of_float32(value):
    return tensor(value).float()


NUMBERS = {
    "list": each(float),
    "tuple": each(float, tuple),
    "Fraction": each(lambda x: Fraction(float(x)) if np.isfinite(x) else float(x)),
    "Decimal": each(lambda x: Decimal(float(x))),
    "NumPy scalar": each(np.float64),
    "float32": lambda value: np.asarray(value, np.float32)[()],
    "0-d array": each(np.array),
    "tensor": tensor,
    "tensor of float32": tensor_of_float32,
    "list of tensors": each(tensor),
}
LETTERS = {
    "upper case": str.upper,
    "np.str_": np.str_,
    "0-d array": np.array,
    **{
        kind.__name__: lambda letter, kind=kind: kind(ord(letter) - ord("a") + 1)
        for kind in (int, float, np.int64, np.uint8, Fraction, Decimal, tensor)
    },
}


class Callable:
    """An answer that is an object."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments):
        return self.function(*arguments)

    def method(self, *arguments):
        return self.function(*arguments)


CALLABLES = {
    "lambda": lambda function: lambda *arguments: function(*arguments),
    "partial": partial,
    "object": Callable,
    "method": lambda function: Callable(function).method,
}


def number(value):
    """Return what must be one number, a whole one as an integer."""
    return (int if np.asarray(value).dtype.kind in "iu" else float)(value)


def looped(part, function):
    """Return the function as a loop over samples, or None where its samples do not stand alone."""

    def loop(first, *rest):
        n, alone = len(first), []
        for i in range(n):
            row = [
                # As in a beginner's loop, a sample is one number where there is one axis.
                (np.array([number(a[i])]) if axes == 1 else a[i : i + 1])
                if np.shape(a)[:1] == (n,)
                else a
                for a, axes in zip((first, *rest), axes_of, strict=True)
            ]
            alone.append(function(*row))
        return sum(alone) / n if np.ndim(alone[0]) == 0 else np.concatenate(alone) / n

    arguments = [tuple(probe.arguments.values()) for probe in part.probes]
    if not np.ndim(arguments[0][0]):
        return None
    axes_of = [np.ndim(argument) for argument in arguments[0]]
    with np.errstate(all="ignore"):
        for values in arguments:
            if np.ndim(values[0]) == np.ndim(arguments[0][0]):
                try:
                    same = np.allclose(loop(*values), function(*values), equal_nan=True)
                except (TypeError, ValueError, IndexError):
                    same = False
                if not same:
                    return None
    return loop


def forms(part, answer):
    """Return ``{name of the form: the answer in it}``."""
    if isinstance(part, Choice):
        return {name: form(answer) for name, form in LETTERS.items()}
    if not isinstance(part, Function):
        found = {name: form(answer) for name, form in NUMBERS.items()}
        return found | ({"list": [answer], "tuple": (answer,)} if isinstance(part, Number) else {})
    found = {name: form(answer) for name, form in CALLABLES.items()}
    for name, form in NUMBERS.items():
        found[name] = lambda *arguments, form=form: form(answer(*arguments))
    loop = looped(part, answer)
    return found | ({"loop over samples": loop} if loop else {})


WANTED = re.compile(r"(is|are) (wanted|asked for)|the text says any shape|computed in float32")


def verdicts(key, answers):
    """Yield ``(form, verdict, text)`` for each form of each answer to an exercise."""
    for place, part in enumerate(DATA[key].parts):
        for form, answer in forms(part, answers[place]).items():
            given = list(answers)
            given[place] = answer
            result = evaluate(DATA[key], given)
            told = "told" if WANTED.search(" ".join(result.text.split())) else "failed"
            yield form, "passed" if result.status == "passed" else told, result.text


def table(solved):
    """Return how often each form came to which end: ``{(form, verdict): count}``."""
    return Counter(
        (form, verdict) for key in DATA for form, verdict, _ in verdicts(key, solved[key])
    )


@each_exercise
def test_a_right_answer_passes_in_every_form_or_is_told_what_is_wanted(key, solved):
    for form, verdict, text in verdicts(key, solved[key]):
        assert verdict != "failed", f"{form}: {text}"


def test_loops_over_samples_were_tried(solved):
    tried = [key for key in DATA for form, *_ in verdicts(key, solved[key]) if "loop" in form]
    assert {"1.2", "3.2", "4.2", "4.3", "5.2", "6.5", "7.2", "9.3", "10.2"} <= set(tried)


# Digits.


@each_number
def test_the_text_says_how_many_digits_are_wanted(key, place):
    part = DATA[key].parts[place]
    phrase = DECIMALS[part.decimals]
    counts = ("whole", "how many", "indices") if part.decimals == 0 else (phrase,)
    assert any(word in TEXTS[key].lower() for word in counts), f"{part.name}: {phrase}"
    # The digits asked for are enough, and as good as needed.
    off = np.abs(np.round(part.value, part.decimals) - part.value)
    assert np.all(off <= part.tolerance)
    assert part.tolerance <= 10.0**-part.decimals


def significant(value, digits):
    """Return a number with so many significant digits."""
    return float(f"{value:.{digits - 1}e}")


@each_number
def test_a_rounded_answer_passes_or_is_told_that_it_is_rounded(key, place, solved):
    part = DATA[key].parts[place]
    for digits in (2, 3, 4, 6):
        short = np.vectorize(partial(significant, digits=digits), otypes=[float])
        for kind in (np.float64, np.float32):
            given = list(solved[key])
            given[place] = kind(short(part.value))
            result = evaluate(DATA[key], given)
            text = " ".join(result.text.split())
            known = any(says in text for says in part.known.values())
            rounded = "but rounded: give more digits" in text
            assert result.status == "passed" or rounded or known, f"{given[place]}: {text}"
            assert "too large" not in text
            assert "too small" not in text


@pytest.mark.parametrize(
    ("key", "answers", "sentence"),
    [
        ("3.1", (5.67, 5 / 3), "5.67 is right, but rounded: give more digits, three decimals."),
        ("3.1", (5.66, 5 / 3), "5.66 is right, but rounded"),
        ("3.1", (np.float32(5.7), 5 / 3), "5.7 is right, but rounded"),
        ("3.1", (5.6, 5 / 3), "5.6 is right, but rounded"),
        ("3.1", (6, 5 / 3), "6.0 is too large"),
        ("3.1", (5.68, 5 / 3), "5.68 is too large"),
        ("2.5", (4, -0.69), "-0.69 is right, but rounded"),
        ("2.5", (4, 0.69), "The sign: 2 s is less than 1"),
        ("2.4", (0.33, 1 / 6), "0.33 is right, but rounded"),
        ("11.5", ([62.7, 47.7, 36.0],), "Right, but rounded: give more digits, two decimals."),
        ("11.5", ([62.7, 50, 36.0],), "Wrong is the element at 1."),
        ("5.1", (-(np.log(0.6) + np.log(0.2)) / 2, [-0.25, -0.15, 0.4]), "The sign is flipped"),
        ("9.6", (None, [11.1, 50, 75]), "Those are percentages"),
        ("6.4", ("b", 0.14, 0.13), "0.14 is right, but rounded"),
    ],
)
def test_digits(key, answers, sentence, solved):
    given = [
        right if answer is None else answer
        for answer, right in zip(answers, solved[key], strict=True)
    ]
    assert sentence in said(key, *given)


@pytest.mark.parametrize(
    ("key", "place", "number", "sentence"),
    [
        ("2.6", 1, 0.46 / 4, "Four copies are 32 houses"),
        ("2.6", 1, 0.46, "That is the mean's limit"),
        ("4.1", 0, 3.466, "That is the sum of the surprises"),
        ("5.5", 0, 1.0986, "That is the loss of equal probabilities"),
        ("7.7", 1, 2.27, "Squares grow by s²"),
        ("9.1", 2, [0.57, 0.91, 1.52], "Take the mean over all 800 bicycles"),
        ("11.6", 1, 0.94, "That is the standard deviation from van to van"),
    ],
)
def test_a_wrong_number_is_known_by_its_relative_distance(key, place, number, sentence, solved):
    given = list(solved[key])
    given[place] = number
    assert sentence in said(key, *given)


# What a text demands.


@each_function
def test_what_a_text_forbids_is_enforced_and_nothing_else(key, place):
    text, part = TEXTS[key], DATA[key].parts[place]
    forbidden = "nothing from `lossutils`" in text or "f `lossutils` you may use" in text
    assert (part.may_use is not None) == forbidden
    assert all(f"`lu.{name}`" in text for name in part.may_use or ())


def helper(y_true, y_pred, delta):
    return lu.huber_loss(y_true, y_pred, delta=delta)


def test_a_forbidden_function_is_found_however_it_is_called(solved):
    _, right = solved["3.2"]
    for answer in (
        helper,
        lambda *a: helper(*a),
        partial(helper),
        Callable(helper),
        lambda y, p, d: getattr(lu, "huber" + "_loss")(y, p, delta=d),
        lambda y, p, d: next(map(partial(lu.huber_loss, delta=d), [y], [p])),
    ):
        assert "my_huber calls lu.huber_loss. The text asks you to write it" in said(
            "3.2", answer, right
        )
    grad = lu.binary_cross_entropy_with_logits_grad
    assert "of lossutils it may use lu.sigmoid only" in said("4.2", solved["4.2"][0], grad)
    assert "passed" in said("4.2", *solved["4.2"])
    assert "calls lu.binary_cross_entropy_with_logits" in said(
        "10.2", lu.binary_cross_entropy_with_logits
    )
    assert "calls lu.squared_hinge_loss" in said(
        "6.2", lambda y, s, m: lu.squared_hinge_loss(y, s, margin=m), solved["6.2"][1]
    )


def test_what_a_text_allows_is_allowed(solved):
    def with_the_softmax(logits, labels, ignore):
        counts = labels != ignore
        rows = np.arange(counts.sum())
        return -lu.log_softmax(logits[counts])[rows, labels[counts]].mean() if len(rows) else 0

    assert "passed" in said("9.2", with_the_softmax)
    assert "passed" in said("1.2", *solved["1.2"])


@each_choice
def test_every_wrong_letter_has_something_to_think_about(key, place):
    part = DATA[key].parts[place]
    assert {*part.known, part.value} == set(part.letters), part.name


# What a probe is named for, it sees.

# A right answer is zero there, and must be.
ZERO = {"zero error", "equal distributions", "nobody left", "distance zero"}


@each_function
def test_no_probe_is_blind(key, place):
    part, kinds = DATA[key].parts[place], {}
    for probe in part.probes:
        value = np.asarray(part.value(*probe.arguments.values()))
        floor = 1e-9 if probe.absolute is None else probe.absolute
        kinds.setdefault(probe.kind, []).append(np.any(np.abs(value) > 10 * floor))
        arrays = [np.asarray(argument) for argument in probe.arguments.values()]
        if probe.kind == "two axes":
            assert arrays[0].ndim == 2
            assert arrays[0].size != len(arrays[0])
        if probe.kind == "float32":
            assert any(array.dtype == np.float32 for array in arrays)
    blind = {kind for kind, seen in kinds.items() if not any(seen)} - ZERO
    assert not blind, f"{part.name}: {blind}"


def test_one_axis_comes_unless_the_text_says_any_shape():
    for key, exercise in DATA.items():
        for part in (part for part in exercise.parts if isinstance(part, Function)):
            if any(probe.kind == "two axes" for probe in part.probes):
                assert "any shape" in TEXTS[key], key


# Mistakes that the text warns of, as people write them.


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def bce(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def huber(y, p, d):
    e = np.abs(p - y)
    return np.mean(np.where(e < d, 0.5 * e * e, d * (e - 0.5 * d)))


def log_sum_exp(z):
    top = z.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1))


def one_hot(y, z):
    return (y[:, None] == np.arange(z.shape[1])).astype(float)


def gradient_of_huber(y, p, d):
    return np.clip(p - y * 1.0, -d, d) / len(y)


def distance(a, b):
    return np.sqrt(np.sum((a * 1.0 - b) ** 2, axis=1))


def contrastive(y, a, b, m):
    d = distance(a, b)
    return np.mean(y * d**2 + (1 - y) * np.maximum(0, m - d) ** 2) / 2


def clip(q, k, t):
    s = q @ k.T / t
    right = np.diag(s)
    return (np.mean(log_sum_exp(s) - right) + np.mean(log_sum_exp(s.T) - right)) / 2


def step(x, y, w, b, r, factor=2.0):
    e = w * x + b - y
    return w - r * factor * np.mean(e * x), b - r * factor * np.mean(e)


def scales_by_norm(gradients, start, patience):
    scale, good, used = start, 0, []
    for row in gradients:
        used.append(scale)
        if np.linalg.norm(row * scale) > 65504:
            scale, good = scale / 2, 0
        else:
            good += 1
            if good == patience:
                scale, good = 2 * scale, 0
    return used


# The boxes "Common mistake", each with an answer that makes the mistake.
BOXES = {
    "02_role_of_losses": (
        ("2.2", 0, lambda x, y, w, b, r: step(x, y, w, b, r * len(x)), "n times too large"),
    ),
    "03_regression": (
        ("3.2", 1, lambda y, p, d: gradient_of_huber(p, y, d), "The sign is flipped"),
        ("3.2", 0, lambda y, p, d: huber(y, p, d) / d, "That is SmoothL1"),
        ("3.2", 1, lambda y, p, d: gradient_of_huber(y, p, d) / d, "gradient of SmoothL1"),
    ),
    "04_binary_classification": (
        ("4.2", 0, lambda y, z: bce(y, sigmoid(sigmoid(z))), "A sigmoid comes before the loss"),
        (
            "4.2",
            1,
            lambda y, z: (sigmoid(sigmoid(z)) - y) / len(y),
            "A sigmoid comes before the loss",
        ),
    ),
    "05_multiclass": (
        (
            "5.2",
            0,
            lambda y, z: -np.mean(np.log(softmax(softmax(z * 1.0))[range(len(y)), y])),
            "A softmax comes before the loss",
        ),
        (
            "5.2",
            1,
            lambda y, z: (softmax(softmax(z * 1.0)) - one_hot(y, z)) / len(y),
            "A softmax comes before the loss",
        ),
    ),
    "07_metric_learning": (
        ("7.2", 0, lambda y, a, b, m: contrastive(1 - y, a, b, m), "The labels are swapped"),
        ("7.2", 0, lambda y, a, b, m: 2 * contrastive(y, a, b, m), "the ½ in front is missing"),
    ),
    "08_choosing": (
        ("8.4", 0, lambda v, t: np.min(v.mean(axis=2), axis=1), "Those are validation errors"),
        ("8.4", 0, lambda v, t: np.min(t.mean(axis=2), axis=1), "chosen on the test data"),
    ),
    "10_pitfalls": (
        (
            "10.2",
            0,
            lambda y, z: np.mean(np.logaddexp(0, np.where(y == 1, z, -z))),
            "One sigmoid now. But",
        ),
        (
            "10.3",
            0,
            lambda x, y, w, r: w - 2 * r * x.T @ (x @ w - y),
            "The shapes are right now. But",
        ),
    ),
}
# What the readers of the checks tried, and got no name for.
NAMED = (
    ("2.2", 0, lambda x, y, w, b, r: step(x, y, w, b, r, 1.0), "The 2 is missing"),
    ("2.2", 0, lambda x, y, w, b, r: step(x, y, w, b, 1.0), "The learning rate is missing"),
    ("2.2", 0, lambda x, y, w, b, r: step(x, y, w, b, r)[::-1], "first w, then b"),
    ("3.2", 1, lambda y, p, d: np.clip((p - y) / len(y), -d, d), "clipped after it was divided"),
    ("3.2", 0, lambda y, p, d: huber(y, p, 1), "Right for δ = 1 only"),
    ("3.2", 1, lambda y, p, d: gradient_of_huber(y, p, 1), "Right for δ = 1 only"),
    (
        "4.2",
        0,
        lambda y, z: np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z)))),
        "The sign of z·y is flipped",
    ),
    (
        "4.2",
        0,
        lambda y, z: np.mean(np.maximum(z, 0) - z * y + np.log(1 + np.exp(-z))),
        "The exponent is −z",
    ),
    ("4.2", 1, lambda y, z: -(y / sigmoid(z) - (1 - y) / sigmoid(-z)) / len(y), "probabilities"),
    (
        "4.2",
        0,
        lambda y, z: (
            -np.mean(y * np.log(sigmoid(z) + 1e-12) + (1 - y) * np.log(1 - sigmoid(z) + 1e-12))
        ),
        "A small number in the logarithm",
    ),
    ("4.2", 0, lambda y, z: bce(y, np.clip(sigmoid(z), 1e-9, 1 - 1e-9)), "Clipping caps"),
    ("4.3", 0, lambda y, p: bce(y, np.clip(p, 1e-7, 1 - 1e-7)), "Never clip"),
    ("4.3", 0, lambda y, p: bce(y, np.clip(p, 1e-15, 1 - 1e-15)), "Never clip"),
    (
        "4.4",
        0,
        lambda y, p, a, g: np.mean(
            (1 - p) ** g * -np.where(y == 1, a * np.log(p), (1 - a) * np.log(1 - p))
        ),
        "Every sample fades by 1 − p",
    ),
    (
        "4.4",
        0,
        lambda y, p, a, g: (
            np.sum(-np.where(y == 1, a * (1 - p) ** g * np.log(p), (1 - a) * p**g * np.log(1 - p)))
            / np.sum(np.where(y == 1, a, 1 - a))
        ),
        "divided by the sum of the weights",
    ),
    (
        "4.5",
        0,
        lambda c: (c[1, 0] - c[0, 0]) / (c[1, 0] - c[0, 0] + c[0, 1] - c[1, 1]),
        "axes swapped",
    ),
    ("5.1", 1, [0, 0, -5], "with respect to the probabilities, and without"),
    (
        "5.2",
        0,
        lambda y, z: -np.mean(np.log(softmax(z * 1.0)[range(len(y)), y] + 1e-12)),
        "A small number in the logarithm",
    ),
    ("5.2", 1, lambda y, z: (softmax(z * 1.0) - one_hot(y, z)) / z.size, "not n times C"),
    (
        "5.3",
        1,
        lambda y, z, w: w[y][:, None] * (softmax(z * 1.0) - one_hot(y, z)) / w.sum(),
        "divided by the weights of the classes",
    ),
    (
        "6.2",
        1,
        lambda y, s, m: -2 * y * np.maximum(0, 1 - y * s) / len(y),
        "The margin is taken as 1",
    ),
    ("6.3", 0, lambda p, q: np.mean(np.sum(p * np.log(p / q), axis=1)), "zero comes out as nan"),
    (
        "6.3",
        0,
        lambda p, q: np.mean(np.sum(np.where(p > 0, p * np.log(p / q), 0), axis=0)),
        "summed over the rows",
    ),
    ("6.3", 0, lambda p, q: -lu.kl_divergence(p, q), "The sign is flipped"),
    (
        "6.3",
        0,
        lambda p, q: np.mean(np.sum(lu.stable.xlogy(p, p) - p * np.log(q), axis=1)),
        "Where p and q are both zero",
    ),
    (
        "6.5",
        0,
        lambda y, p, s: np.mean(
            1 - 2 * ((y * p).sum((1, 2)) + s) / (y.sum((1, 2)) + p.sum((1, 2)) + s)
        ),
        "The smoothing counts twice",
    ),
    ("7.2", 0, lambda y, a, b, m: contrastive(y, a, b, 1), "The margin is taken as 1"),
    (
        "7.3",
        1,
        lambda a, p, n, m: np.sum(np.maximum(0, distance(a, p) - distance(a, n) + m)),
        "That is the sum over the triplets",
    ),
    ("7.5", 0, clip, "That is the mean of both directions, as CLIP"),
    ("8.1", 4, "c", "A judgment compares three photos"),
    ("9.1", 2, [0.19, 0.304, 0.506], "they add up to 1"),
    ("9.5", 1, 16, "must only not be zero"),
    ("9.6", 1, [11.1, 50, 75], "Those are percentages"),
    ("9.7", 0, scales_by_norm, "The length of the row is compared"),
)


@pytest.mark.parametrize(
    ("key", "place", "answer", "sentence"),
    [*NAMED, *(box for one in BOXES.values() for box in one)],
)
def test_a_mistake_that_the_text_warns_of_has_its_name(key, place, answer, sentence, solved):
    given = list(solved[key])
    given[place] = answer
    assert sentence in said(key, *given)


def test_every_chapter_s_common_mistake_is_among_them():
    boxes = {path.stem for path in notebooks(BOOK) if "} Common mistake" in markdown_of(load(path))}
    assert set(BOXES) == boxes & set(all_tasks())
    for stem, answers in BOXES.items():
        assert {f"{key.split('.')[0]:0>2}" for key, *_ in answers} == {stem[:2]}


def markdown_of(notebook):
    return "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")


@pytest.mark.parametrize(
    "answer",
    [
        lambda y, p: np.sum(np.log(np.cosh(p - y))),
        lambda y, p: np.mean(np.log2(np.cosh(p - y))),
        lambda y, p: np.mean(np.log10(np.cosh(p - y))),
        lambda y, p: np.log(np.mean(np.cosh(p - y))),
        lambda y, p: np.mean(np.log(1 + np.cosh(p - y))),
        lambda y, p: np.mean(np.log(np.cosh(p - y)) ** 2),
        lambda y, p: np.mean(np.log(np.exp(p - y) + np.exp(y - p))),
        lambda y, p: np.mean(np.log(np.cosh((p - y) / 2))),
    ],
)
def test_a_wrong_formula_that_overflows_is_not_called_right(answer, solved):
    text = said("3.4", answer, solved["3.4"][1])
    assert "not yet" in text
    assert "is right" not in text
    right = said("3.4", lambda y, p: np.mean(np.log(np.cosh(p - y))), solved["3.4"][1])
    assert "The formula is right" in right


@pytest.mark.parametrize(
    ("key", "place", "answer"),
    [
        ("5.2", 0, lambda y, z: -np.sum(np.log((np.exp(z) / np.exp(z).sum(1)[:, None])[0, y]))),
        ("4.2", 0, lambda y, z: -np.sum(y * np.log(sigmoid(z)) + np.log(1 - sigmoid(z)))),
        ("3.4", 1, lambda y, p: 2 * np.sinh(p - y) / np.cosh(p - y) / len(y)),
        ("7.5", 0, lambda q, k, t: -2 * np.mean(np.log(np.diag(softmax(q @ k.T / t))))),
        ("9.2", 0, lambda z, y, i: float("inf")),
        ("10.2", 0, lambda y, z: -2 * np.mean(np.log(np.where(y == 1, sigmoid(z), sigmoid(-z))))),
    ],
)
def test_praise_is_for_what_is_right(key, place, answer, solved):
    given = list(solved[key])
    given[place] = answer
    text = said(key, *given)
    assert "not yet" in text
    assert not re.search(r"formula is right|is safe|Right (for|until|where)|are repaired", text)
