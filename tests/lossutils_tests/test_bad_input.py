"""Bad arguments: each raises an error that names the argument, what is allowed and what came.

Every row is tried on the loss and on its gradient, which must refuse alike.
"""

import inspect
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

import lossutils

from .cases import CASES, label

NAN, INF = float("nan"), float("inf")


@dataclass(frozen=True)
class Bad:
    """A call that must fail, and the three parts that its message must hold."""

    name: str
    data: tuple
    argument: str
    allowed: str
    came: str
    knobs: dict = field(default_factory=dict)
    error: type[Exception] = ValueError

    def __str__(self):
        return f"{self.name}: {self.argument} {self.came}".replace(" ", "_")


class NotConvertible:
    """As a tensor on another device, which NumPy cannot read."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("not on this device")


def column(n):
    return np.linspace(0.1, 0.9, n).reshape(n, 1)


def wants_gradient(*values):
    return torch.tensor(values, requires_grad=True)


MSE, MAE, HUBER, PINBALL = "mse_loss", "mae_loss", "huber_loss", "pinball_loss"
BCE, BCE_Z = "binary_cross_entropy", "binary_cross_entropy_with_logits"
FOCAL, FOCAL_Z = "focal_loss", "focal_loss_with_logits"
CCE, CCE_Z = "categorical_cross_entropy", "categorical_cross_entropy_with_logits"
SPARSE, SPARSE_Z = f"sparse_{CCE}", f"sparse_{CCE_Z}"
HINGE, HINGE_2, KL = "hinge_loss", "squared_hinge_loss", "kl_divergence"
DICE, DICE_BCE = "dice_loss", "dice_bce_loss"
NUMERICAL, MATCHES = "numerical_gradient", "assert_gradient_matches"
PAIR, TRIPLET, NCE = "contrastive_loss", "triplet_loss", "info_nce_loss"

# Good data, to be combined with one bad knob.
TWO = ([0.0, 1.0], [0.5, 0.5])
ROW = ([0, 1], [[0.5, 0.5], [0.25, 0.75]])
SIGNS = ([1, -1], [0.5, 0.5])
IMAGE = (np.zeros((2, 2)), np.full((2, 2), 0.5))
POINTS = ([[1.0, 2.0]], [[3.0, 4.0]])
Labeled = ([1], *POINTS)
THREE = (*POINTS, [[5.0, 6.0]])

REAL, FINITE, RANGE = "must be real numbers", "must be finite", "must lie in [0, 1]"
POSITIVE, NOT_NEGATIVE = "a finite number > 0", "a finite number >= 0"

BAD = [
    # Regression: shapes
    Bad(MSE, ([1, 2, 3, 4, 5], column(5)), "y_pred", "shape of y_true, (5,)", "(5, 1)"),
    Bad(MSE, (column(5), [1, 2, 3, 4, 5]), "y_pred", "shape of y_true, (5, 1)", "got (5,)"),
    Bad(MSE, ([1, 2, 3], [1, 2]), "y_pred", "shape of y_true, (3,)", "got (2,)"),
    Bad(MSE, ([1, 2, 3], 2), "y_pred", "shape of y_true, (3,)", "got ()"),
    Bad(MAE, ([[1, 2]], [[1], [2]]), "y_pred", "shape of y_true, (1, 2)", "got (2, 1)"),
    Bad(HUBER, ([1, 2], column(2)), "y_pred", "y_pred.squeeze(1)", "got (2, 1)"),
    Bad(PINBALL, ([1, 2], column(2)), "y_pred", "y_pred.reshape(2)", "got (2, 1)"),
    Bad("log_cosh_loss", ([1, 2], [1, 2, 3]), "y_pred", "shape of y_true, (2,)", "got (3,)"),
    # Regression: values
    Bad(MSE, ([1, 2, 3], [1, NAN, 3]), "y_pred", FINITE, "nan at index (1,)"),
    Bad(MSE, ([[1, 2], [3, NAN]], np.ones((2, 2))), "y_true", FINITE, "nan at index (1, 1)"),
    Bad(MAE, ([1, 2], [INF, 2]), "y_pred", FINITE, "inf at index (0,)"),
    Bad(MAE, ([1, -INF], [1, 2]), "y_true", FINITE, "-inf at index (1,)"),
    Bad(MSE, (np.ones((4, 4)), np.full((4, 4), NAN).T), "y_pred", FINITE, "nan at index (0, 0)"),
    Bad("log_cosh_loss", (1.0, NAN), "y_pred", FINITE, "got nan"),
    Bad(MSE, ([], []), "y_true", "must not be empty", "(0,)"),
    Bad(MSE, (np.zeros((0, 3)), np.zeros((0, 3))), "y_true", "must not be empty", "(0, 3)"),
    Bad(HUBER, ([1.0], []), "y_pred", "must not be empty", "(0,)"),
    # Regression: types
    Bad(MSE, (["1", "2"], [1, 2]), "y_true", REAL, "dtype <U1", error=TypeError),
    Bad(MSE, ([1, 2], "12"), "y_pred", REAL, "dtype <U2", error=TypeError),
    Bad(MAE, ([1, 2], [b"1", b"2"]), "y_pred", REAL, "dtype |S1", error=TypeError),
    Bad(MSE, ([1, 2], None), "y_pred", REAL, "got dtype object", error=TypeError),
    Bad(MSE, ([1, None], [1, 2]), "y_true", REAL, "got dtype object", error=TypeError),
    Bad(MSE, ([1, 2], [object(), 2]), "y_pred", REAL, "got dtype object", error=TypeError),
    Bad(MSE, ([1, 2], NotConvertible()), "y_pred", REAL, "got NotConvertible", error=TypeError),
    Bad(MSE, ([1, 2], {1, 2}), "y_pred", REAL, "got dtype object", error=TypeError),
    Bad(MSE, ([1, 2], [1, 2j]), "y_pred", REAL, "complex128", error=TypeError),
    Bad(MSE, ([True, False], [1, 2]), "y_true", REAL, "dtype bool", error=TypeError),
    Bad(MSE, (np.array(["2020"], "M8[D]"), [1]), "y_true", REAL, "datetime64", error=TypeError),
    Bad(MSE, ([1, 2], np.float16([1, 2])), "y_pred", "float32", "float16", error=TypeError),
    Bad(MSE, ([[1, 2], [3]], [1, 2]), "y_true", "a rectangular array", "unequal length"),
    Bad(
        MSE, ([1, 2], np.ma.masked_less([1.0, 2.0], 2)), "y_pred", REAL, "masked array",
        error=TypeError,
    ),
    Bad(
        MSE, ([1, 2], wants_gradient(1.0, 2.0)), "y_pred", REAL, "a tensor that requires grad",
        error=TypeError,
    ),
    # Regression: knobs
    Bad(HUBER, TWO, "delta", POSITIVE, "got 0", {"delta": 0}),
    Bad(HUBER, TWO, "delta", POSITIVE, "got -1", {"delta": -1}),
    Bad(HUBER, TWO, "delta", POSITIVE, "got inf", {"delta": INF}),
    Bad(HUBER, TWO, "delta", POSITIVE, "got nan", {"delta": NAN}),
    Bad(HUBER, TWO, "delta", POSITIVE, "got True", {"delta": True}, TypeError),
    Bad(HUBER, TWO, "delta", POSITIVE, "got '1'", {"delta": "1"}, TypeError),
    Bad(HUBER, TWO, "delta", POSITIVE, "got None", {"delta": None}, TypeError),
    Bad(HUBER, TWO, "delta", POSITIVE, "got [1.0]", {"delta": [1.0]}, TypeError),
    Bad(HUBER, TWO, "delta", POSITIVE, "got 1j", {"delta": 1j}, TypeError),
    Bad(PINBALL, TWO, "quantile", "in (0, 1)", "got 0", {"quantile": 0}),
    Bad(PINBALL, TWO, "quantile", "in (0, 1)", "got 1", {"quantile": 1}),
    Bad(PINBALL, TWO, "quantile", "in (0, 1)", "got 90", {"quantile": 90}),
    # Binary
    Bad(BCE, ([0, 1], [-0.2, 0.5]), "p_pred", RANGE, "min -0.2"),
    Bad(BCE, ([0, 1], [0.2, 1.5]), "p_pred", RANGE, "max 1.5"),
    Bad(FOCAL, ([0, 1], [0.2, 1.0001]), "p_pred", RANGE, "max 1.0001"),
    Bad(BCE, ([0, 2], [0.2, 0.5]), "y_true", RANGE, "max 2"),
    Bad(BCE, ([-1, 1], [0.2, 0.5]), "y_true", RANGE, "min -1"),
    Bad(BCE_Z, ([-1, 1], [0.2, 0.5]), "y_true", RANGE, "min -1"),
    Bad(BCE_Z, ([2.3, -1.5], [1, 0]), "y_true", "are y_true and logits swapped?", "min -1.5"),
    Bad(FOCAL_Z, ([2.3, 1.5], [1, 0]), "y_true", "are y_true and logits swapped?", "max 2.3"),
    Bad(BCE, ([0, 1], [0.2, NAN]), "p_pred", FINITE, "nan at index (1,)"),
    Bad(BCE_Z, ([0, 1], [INF, 0.0]), "logits", FINITE, "inf at index (0,)"),
    Bad(BCE_Z, (np.zeros(3), column(3)), "logits", "logits.squeeze(1)", "got (3, 1)"),
    Bad(FOCAL, (np.zeros(3), column(3)), "p_pred", "shape of y_true, (3,)", "got (3, 1)"),
    Bad(BCE, ([0, 1], [False, True]), "p_pred", REAL, "dtype bool", error=TypeError),
    Bad(BCE_Z, (["no", "yes"], [0.1, 0.2]), "y_true", REAL, "dtype <U3", error=TypeError),
    Bad(BCE, TWO, "pos_weight", POSITIVE, "got 0", {"pos_weight": 0}),
    Bad(BCE_Z, TWO, "pos_weight", POSITIVE, "got -2.0", {"pos_weight": -2.0}),
    Bad(BCE_Z, TWO, "pos_weight", POSITIVE, "got [1, 2]", {"pos_weight": [1, 2]}, TypeError),
    Bad(FOCAL, TWO, "alpha", "in [0, 1]", "got 1.5", {"alpha": 1.5}),
    Bad(FOCAL_Z, TWO, "alpha", "in [0, 1]", "got -0.25", {"alpha": -0.25}),
    Bad(FOCAL, TWO, "alpha", "in [0, 1]", "got False", {"alpha": False}, TypeError),
    Bad(FOCAL, TWO, "gamma", NOT_NEGATIVE, "got -1", {"gamma": -1}),
    Bad(FOCAL_Z, TWO, "gamma", NOT_NEGATIVE, "got inf", {"gamma": INF}),
    Bad(FOCAL_Z, TWO, "gamma", NOT_NEGATIVE, "got None", {"gamma": None}, TypeError),
    # Classes
    Bad(SPARSE, ([0, 2], ROW[1]), "labels", "integers in [0, 2)", "2 at index (1,)"),
    Bad(SPARSE_Z, ([-1, 1], ROW[1]), "labels", "integers in [0, 2)", "-1 at index (0,)"),
    Bad(SPARSE, ([0.0, 1.0], ROW[1]), "labels", "integers in [0, 2)", "float64", error=TypeError),
    Bad(SPARSE_Z, ([0.5, 1], ROW[1]), "labels", "integers in [0, 2)", "float64", error=TypeError),
    Bad(SPARSE_Z, ([True, False], ROW[1]), "labels", "integers", "dtype bool", error=TypeError),
    Bad(SPARSE, (["cat", "dog"], ROW[1]), "labels", "integers", "dtype <U3", error=TypeError),
    Bad(SPARSE, (ROW[1], [0, 1]), "labels", "integers in [0, 2)", "swapped?", error=TypeError),
    Bad(SPARSE, ([0, 1, 1], ROW[1]), "labels", "p_pred without its last axis, (2,)", "got (3,)"),
    Bad(SPARSE_Z, ([[0], [1]], ROW[1]), "labels", "labels.reshape(2)", "got (2, 1)"),
    Bad(SPARSE_Z, (np.eye(2, dtype=int), ROW[1]), "labels", "without its last axis", "(2, 2)"),
    Bad(SPARSE_Z, (0, 1.5), "logits", "1 or more axes", "got shape ()"),
    Bad(SPARSE, (0, 1.0), "p_pred", "at least 1 axis", "()"),
    Bad(SPARSE, ([0, 1], [[0.5, 0.4], [0.5, 0.5]]), "p_pred", "sum to 1", "0.9 at row (0,)"),
    Bad(SPARSE, ([0, 1], [[2.0, -1.0], [0.5, 0.5]]), "p_pred", RANGE, "min -1.0"),
    Bad(SPARSE, ([0, 1], [[2.3, 1.2], [0.1, 0.3]]), "p_pred", RANGE, "max 2.3"),
    Bad(SPARSE_Z, ([0, 1], [[0, 1], [NAN, 2]]), "logits", FINITE, "nan at index (1, 0)"),
    Bad(CCE, ([[1, 0], [1, 1]], ROW[1]), "y_onehot", "sum to 1", "2 at row (1,)"),
    Bad(CCE, ([[1, 0], [0, 0]], ROW[1]), "y_onehot", "sum to 1", "0 at row (1,)"),
    Bad(CCE_Z, ([[0.5, 0.4], [0, 1]], ROW[1]), "y_onehot", "sum to 1", "0.9 at row (0,)"),
    Bad(CCE_Z, ([[2, -1], [0, 1]], ROW[1]), "y_onehot", RANGE, "min -1"),
    Bad(CCE_Z, ([0, 1], ROW[1]), "logits", "shape of y_onehot, (2,)", "got (2, 2)"),
    Bad(CCE, (np.eye(3)[:2], ROW[1]), "p_pred", "shape of y_onehot, (2, 3)", "got (2, 2)"),
    Bad(CCE, (np.eye(2), [[0.5, 0.6], [0.5, 0.5]]), "p_pred", "sum to 1", "1.1 at row (0,)"),
    Bad(CCE_Z, ([[2.3, 1.2], [0.1, -0.3]], np.eye(2)), "y_onehot", RANGE, "min -0.3"),
    Bad(CCE, (np.eye(2), np.zeros((2, 0))), "p_pred", "must not be empty", "(2, 0)"),
    Bad(CCE_Z, (np.eye(2), [["a"] * 2] * 2), "logits", REAL, "dtype <U1", error=TypeError),
    Bad(SPARSE, ROW, "class_weight", "shape (2,)", "shape (3,)", {"class_weight": [1, 2, 3]}),
    Bad(SPARSE, ROW, "class_weight", "shape (2,)", "shape ()", {"class_weight": 2.0}),
    Bad(CCE, (np.eye(2), ROW[1]), "class_weight", ">= 0", "min -1", {"class_weight": [1, -1]}),
    Bad(SPARSE_Z, ROW, "class_weight", FINITE, "nan at index (1,)", {"class_weight": [1, NAN]}),
    Bad(SPARSE_Z, ROW, "class_weight", "> 0", "sum to 0", {"class_weight": [0, 0]}),
    Bad(SPARSE_Z, ([0, 0], ROW[1]), "class_weight", "> 0", "sum to 0", {"class_weight": [0, 1]}),
    Bad(SPARSE, ROW, "class_weight", REAL, "dtype <U1", {"class_weight": "1"}, TypeError),
    Bad(SPARSE, ROW, "label_smoothing", "in [0, 1]", "got -0.1", {"label_smoothing": -0.1}),
    Bad(SPARSE_Z, ROW, "label_smoothing", "in [0, 1]", "got 1.1", {"label_smoothing": 1.1}),
    Bad(SPARSE_Z, ROW, "label_smoothing", "[0, 1]", "True", {"label_smoothing": True}, TypeError),
    # Margin
    Bad(HINGE, ([0, 1], [0.5, 0.5]), "y_sign", "-1 or +1", "0 at index (0,)"),
    Bad(HINGE_2, ([1, 2], [0.5, 0.5]), "y_sign", "-1 or +1", "2 at index (1,)"),
    Bad(HINGE, ([0.5, -0.5], [1, -1]), "y_sign", "are y_sign and scores swapped", "0.5 at index"),
    Bad(HINGE, ([1, -1], column(2)), "scores", "shape of y_sign, (2,)", "got (2, 1)"),
    Bad(HINGE, ([1, -1], [0.5, NAN]), "scores", FINITE, "nan at index (1,)"),
    Bad(HINGE, ([True, False], [0.5, 0.5]), "y_sign", REAL, "dtype bool", error=TypeError),
    Bad(HINGE, SIGNS, "margin", POSITIVE, "got 0", {"margin": 0}),
    Bad(HINGE_2, SIGNS, "margin", POSITIVE, "got '1'", {"margin": "1"}, TypeError),
    # Divergence
    Bad(KL, ([0.5, 0.4], [0.5, 0.5]), "p_true", "sum to 1", "0.9"),
    Bad(KL, ([0.5, 0.5], [0.5, 0.6]), "q_pred", "sum to 1", "1.1"),
    Bad(KL, ([0.5, 0.5], np.log([0.5, 0.5])), "q_pred", RANGE, "min -0.69"),
    Bad(KL, ([0.5, 0.5], [[0.5, 0.5]]), "q_pred", "shape of p_true, (2,)", "got (1, 2)"),
    Bad(KL, (1.0, 1.0), "p_true", "at least 1 axis", "()"),
    Bad(KL, ([0.5, NAN], [0.5, 0.5]), "p_true", FINITE, "nan at index (1,)"),
    # Segmentation
    Bad(DICE, ([0, 2], [0.5, 0.5]), "y_true", RANGE, "max 2"),
    Bad(DICE, ([0, 1], [0.5, -0.5]), "p_pred", RANGE, "min -0.5"),
    Bad(DICE, (IMAGE[0], IMAGE[1][None]), "p_pred", "shape of y_true, (2, 2)", "got (1, 2, 2)"),
    Bad(DICE, IMAGE, "smooth", NOT_NEGATIVE, "got -1", {"smooth": -1}),
    Bad(DICE_BCE, IMAGE, "smooth", NOT_NEGATIVE, "got True", {"smooth": True}, TypeError),
    Bad(DICE, IMAGE, "axis", "an integer in [-2, 2)", "got 2", {"axis": 2}),
    Bad(DICE, IMAGE, "axis", "an integer in [-2, 2)", "got -3", {"axis": (0, -3)}),
    Bad(DICE, IMAGE, "axis", "none twice", "got (0, 0)", {"axis": (0, 0)}),
    Bad(DICE, IMAGE, "axis", "none twice", "got (1, -1)", {"axis": (1, -1)}),
    Bad(DICE_BCE, IMAGE, "axis", "at least one axis", "got ()", {"axis": ()}),
    Bad(DICE, IMAGE, "axis", "an integer", "got 0.5", {"axis": 0.5}, TypeError),
    Bad(DICE_BCE, IMAGE, "axis", "an integer", "got True", {"axis": True}, TypeError),
    Bad(DICE, IMAGE, "axis", "an integer", "got [0, 1]", {"axis": [0, 1]}, TypeError),
    Bad(DICE_BCE, IMAGE, "dice_weight", "in [0, 1]", "got 1.5", {"dice_weight": 1.5}),
    Bad(DICE_BCE, IMAGE, "dice_weight", "in [0, 1]", "got nan", {"dice_weight": NAN}),
    # Metric learning
    Bad(PAIR, ([2], *POINTS), "is_similar", "0 or 1", "2 at index (0,)"),
    Bad(PAIR, ([-1], *POINTS), "is_similar", "0 or 1", "-1 at index (0,)"),
    Bad(PAIR, ([0, 1], *POINTS), "is_similar", "one label for each pair", "got (2,)"),
    Bad(PAIR, ([[1]], *POINTS), "is_similar", "one label for each pair", "got (1, 1)"),
    Bad(PAIR, (["yes"], *POINTS), "is_similar", REAL, "dtype <U3", error=TypeError),
    Bad(PAIR, (*POINTS, [1]), "embedding_b", "shape of embedding_a, (1, 2)", "got (1,)"),
    Bad(PAIR, ([1], POINTS[0], [[1, 2, 3]]), "embedding_b", "(1, 2)", "got (1, 3)"),
    Bad(PAIR, ([1], np.ones((1, 1, 2)), np.ones((1, 1, 2))), "embedding_a", "(n, d)", "(1, 1, 2)"),
    Bad(PAIR, ([1], np.ones((1, 1, 2)), [[1, 2]]), "embedding_a", "(n, d)", "got (1, 1, 2)"),
    Bad(PAIR, ([1], [[NAN, 0]], [[1, 2]]), "embedding_a", FINITE, "nan at index (0, 0)"),
    Bad(PAIR, (1, 1.0, 2.0), "embedding_a", "1 or more axes", "got shape ()"),
    Bad(PAIR, Labeled, "margin", POSITIVE, "got 0", {"margin": 0}),
    Bad(TRIPLET, (*POINTS, [5.0, 6.0]), "negative", "shape of anchor, (1, 2)", "got (2,)"),
    Bad(TRIPLET, (POINTS[0], [[INF, 1]], POINTS[1]), "positive", FINITE, "inf at index (0, 0)"),
    Bad(TRIPLET, THREE, "margin", POSITIVE, "got -0.5", {"margin": -0.5}),
    Bad(TRIPLET, THREE, "squared", "True or False", "got 1", {"squared": 1}, TypeError),
    Bad(TRIPLET, THREE, "squared", "True or False", "got 'no'", {"squared": "no"}, TypeError),
    Bad(NCE, (np.ones((2, 3)), np.ones((4, 3))), "keys", "shape of queries, (2, 3)", "got (4, 3)"),
    Bad(NCE, (np.ones((2, 3)), np.ones(3)), "keys", "shape of queries, (2, 3)", "got (3,)"),
    Bad(NCE, POINTS, "temperature", POSITIVE, "got 0.0", {"temperature": 0.0}),
    Bad(NCE, POINTS, "temperature", POSITIVE, "got True", {"temperature": True}, TypeError),
    Bad(NCE, ([[1e200]], [[1e200]]), "queries @ keys.T", "must be finite", "overflow"),
    Bad(NCE, ([["a"]], [["b"]]), "queries", REAL, "dtype <U1", error=TypeError),
]  # fmt: skip


def refuse(function, bad):
    with pytest.raises((ValueError, TypeError)) as caught:
        function(*bad.data, **bad.knobs)
    assert type(caught.value) is bad.error
    message = str(caught.value)
    assert message.startswith(bad.argument)
    for part in (bad.allowed, bad.came):
        assert part in message


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_bad_input_is_refused_with_a_helpful_message(bad):
    refuse(getattr(lossutils, bad.name), bad)
    refuse(getattr(lossutils, f"{bad.name}_grad"), bad)


def test_weights_of_zero_are_refused_only_where_they_divide():
    knobs = {"class_weight": [0, 1], "reduction": "sum"}
    assert lossutils.sparse_categorical_cross_entropy([0], [[0.5, 0.5]], **knobs) == 0


def test_the_table_is_long():
    assert len(BAD) >= 80


@pytest.mark.parametrize("case", CASES, ids=label)
def test_every_loss_refuses_a_sample_too_few_and_says_where(case):
    data = case.draw(0)
    names = list(inspect.signature(case.loss).parameters)
    for k in range(1, len(data)):
        short = [a[:-1] if n == k else a for n, a in enumerate(data)]
        for function in (case.loss, case.grad):
            with pytest.raises(ValueError, match=r"shape|as many|one for each|rows") as caught:
                function(*short)
            assert any(name in str(caught.value) for name in names[: len(data)]), caught.value
            assert str(len(short[k])) in str(caught.value)


@pytest.mark.parametrize("reduction", ["avg", "MEAN", "", None, 1, True, ["mean"]], ids=repr)
@pytest.mark.parametrize("case", CASES, ids=label)
def test_unknown_reduction(case, reduction):
    bad = Bad(
        case.name,
        case.draw(0),
        "reduction",
        "must be 'mean', 'sum' or 'none'",
        f"got {reduction!r}",
        {"reduction": reduction},
    )
    refuse(case.loss, bad)
    refuse(case.grad, bad)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_every_argument_refuses_nan_and_text(case):
    """Put one bad element into each argument in turn."""
    data = case.draw(0)
    names = list(inspect.signature(case.loss).parameters)
    for k, array in enumerate(data):
        for wrong in (
            np.where(np.arange(array.size).reshape(array.shape) == 0, NAN, array),
            array.astype(str),
            array.astype(complex),
            array[:0],
            None,
        ):
            broken = (*data[:k], wrong, *data[k + 1 :])
            for function in (case.loss, case.grad):
                with pytest.raises((ValueError, TypeError), match=f"^{names[k]} "):
                    function(*broken)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_knobs_are_not_accepted_by_position(case):
    for function in (case.loss, case.grad):
        with pytest.raises(TypeError, match="positional argument"):
            function(*case.draw(0), 1.0)


@pytest.mark.parametrize(
    "bad",
    [
        Bad("softplus", ([1, NAN],), "x", FINITE, "nan at index (1,)"),
        Bad("sigmoid", ("a",), "x", REAL, "dtype <U1", error=TypeError),
        Bad("log_sigmoid", ([],), "x", "must not be empty", "(0,)"),
        Bad("logsumexp", (1.0,), "x", "1 or more axes", "()"),
        Bad("logsumexp", ([1.0],), "axis", "an integer in [-1, 1)", "got 1", {"axis": 1}),
        Bad("softmax", ([1.0],), "axis", "an integer", "got None", {"axis": None}, TypeError),
        Bad("softmax", ([1.0],), "axis", "an integer", "got False", {"axis": False}, TypeError),
        Bad("softmax", ([-INF, -INF],), "x", "one largest number along axis", "[-inf -inf]"),
        Bad("log_softmax", ([INF, INF, 0],), "x", "one largest number along axis", "[inf inf  0.]"),
        Bad("log_softmax", ([INF, NAN],), "x", FINITE, "nan at index (1,)"),
        Bad("log_softmax", ([1.0],), "axis", "an integer", "got 0.0", {"axis": 0.0}, TypeError),
        Bad("xlogy", ([1, 2], [1]), "y", "shape of x, (2,)", "got (1,)"),
        Bad("xlogy", ([1, 2], [1, -1]), "y", ">= 0", "min -1"),
        Bad("xlogy", ([1, 2], [1, INF]), "y", FINITE, "inf at index (1,)"),
        Bad(NUMERICAL, (3, [1.0]), "f", "must be callable", "got int", {}, TypeError),
        Bad(NUMERICAL, (np.sum, ["a"]), "x", REAL, "dtype <U1", {}, TypeError),
        Bad(NUMERICAL, (np.sum, [NAN]), "x", FINITE, "nan at index (0,)"),
        Bad(
            "numerical_gradient",
            (np.sin, [1.0]),
            "f",
            "one real number",
            "shape (1,)",
            {},
            TypeError,
        ),
        Bad(NUMERICAL, (str, 1.0), "f", "one real number", "dtype <U", {}, TypeError),
        Bad(NUMERICAL, (lambda x: NAN, 1.0), "f", FINITE, "got nan"),
        Bad(NUMERICAL, (lambda x: INF, [1.0]), "f", FINITE, "inf at index (0,)"),
        Bad(NUMERICAL, (np.sum, [1.0]), "step", POSITIVE, "got 0", {"step": 0}),
        Bad(NUMERICAL, (np.sum, [1.0]), "step", "large enough", "1e-30", {"step": 1e-30}),
        Bad(NUMERICAL, (np.sum, 1.0), "step", POSITIVE, "'1'", {"step": "1"}, TypeError),
        Bad(MATCHES, (sum, [1.0], [1.0]), "rtol", NOT_NEGATIVE, "got -1", {"rtol": -1}),
        Bad(
            "assert_gradient_matches",
            (sum, [1.0], [1.0]),
            "atol",
            NOT_NEGATIVE,
            "got inf",
            {"atol": INF},
        ),
        Bad(MATCHES, (3, [1.0], [1.0]), "f", "callable", "int", {}, TypeError),
    ],
    ids=str,
)
def test_bad_input_of_other_functions(bad):
    refuse(getattr(lossutils, bad.name), bad)


def test_the_column_against_row_message_tells_the_repair():
    with pytest.raises(ValueError, match="y_pred") as caught:
        lossutils.mse_loss(np.ones(5), np.ones((5, 1)))
    assert str(caught.value) == (
        "y_pred must have the shape of y_true, (5,); got (5, 1): "
        "use y_pred.reshape(5) or y_pred.squeeze(1)"
    )
