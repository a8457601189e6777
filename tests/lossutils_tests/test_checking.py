"""The gradient check itself: right gradients pass, each kind of mistake is named."""

import numpy as np
import pytest

import lossutils
from lossutils import assert_gradient_matches, numerical_gradient

rng = np.random.default_rng(0)
Y, Y_HAT = rng.normal(size=(2, 5))


def mse(y_hat):
    return np.mean((y_hat - Y) ** 2)


def mse_gradient(y_hat):
    return 2 * (y_hat - Y) / 5


@pytest.mark.parametrize(
    ("f", "gradient", "x"),
    [
        (lambda x: np.sum(x**2), lambda x: 2 * x, np.array([1.0, -3.0, 0.0])),
        (np.prod, lambda x: np.prod(x) / x, np.array([[1.0, 2.0], [3.0, 4.0]])),
        (lambda x: np.exp(x).sum(), np.exp, np.linspace(-2, 2, 6).reshape(1, 2, 3)),
        (np.sin, np.cos, np.array(0.7)),
        (lambda x: np.sum(x**3), lambda x: 3 * x**2, np.array([100.0, -3.0, 5.0])),
        (lambda x: np.log(x).sum(), lambda x: 1 / x, np.array([0.5, 20.0, 1e4])),
        (lambda x: 7.0, np.zeros_like, np.array([1.0, 2.0])),
    ],
    ids=["squares", "product", "exp", "scalar", "cube", "log", "constant"],
)
def test_numerical_gradient_against_closed_forms(f, gradient, x):
    before = x.copy()
    numerical = numerical_gradient(f, x)
    assert numerical.shape == x.shape
    assert numerical.dtype == np.float64
    np.testing.assert_allclose(numerical, gradient(x), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(x, before)


def test_central_differences_are_exact_for_a_parabola_whatever_the_step():
    assert numerical_gradient(lambda x: x[0] ** 2, [3.0], step=0.5) == pytest.approx([6.0])
    # A cubic shows the step: ((x + h)^3 - (x - h)^3) / 2h = 3 x^2 + h^2.
    assert numerical_gradient(lambda x: x[0] ** 3, [3.0], step=0.5) == pytest.approx([27.25])


def test_numerical_gradient_takes_lists_and_float32():
    x = np.array([1, 2], dtype=np.float32)
    np.testing.assert_allclose(numerical_gradient(lambda v: np.sum(v**2), x), [2, 4], rtol=1e-9)
    np.testing.assert_allclose(numerical_gradient(np.sum, [[1, 2]]), [[1, 1]], rtol=1e-9)


def test_function_may_spoil_its_argument():
    def spoil(x):
        value = np.sum(x**2)
        x[:] = 99
        return value

    np.testing.assert_allclose(numerical_gradient(spoil, [1.0, 2.0]), [2, 4], rtol=1e-9)
    assert assert_gradient_matches(spoil, [2.0, 4.0], [1.0, 2.0]) < 1e-8


@pytest.mark.parametrize("as_function", [True, False])
def test_right_gradient_passes_and_the_difference_is_returned(as_function):
    grad = mse_gradient if as_function else mse_gradient(Y_HAT)
    difference = assert_gradient_matches(mse, grad, Y_HAT)
    assert isinstance(difference, float)
    assert 0 <= difference < 1e-9


def test_largest_difference_is_returned():
    off = mse_gradient(Y_HAT) + np.array([0, 0.5, 0, -0.25, 0])
    difference = assert_gradient_matches(mse, off, Y_HAT, atol=1)
    assert difference == pytest.approx(0.5, abs=1e-8)


def one_wrong_element(y_hat):
    gradient = mse_gradient(y_hat)
    gradient[3] += 0.5
    return gradient


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        (lambda x: -mse_gradient(x), ["\nhint: the sign is flipped"]),
        (lambda x: 5 * mse_gradient(x), ["5 times too large", "1/n missing"]),
        (lambda x: mse_gradient(x) / 5, ["5 times too small", "1/n there twice"]),
        (lambda x: mse_gradient(x) / 2, ["2 times too small"]),
        (lambda x: -5 * mse_gradient(x), ["the sign is flipped and", "5 times too large"]),
        (one_wrong_element, ["(3,)"]),
        (lambda x: 0 * mse_gradient(x), ["analytic 0,"]),
    ],
    ids=["sign", "1/n missing", "1/n twice", "factor 2", "sign and n", "one element", "zero"],
)
def test_mistake_is_named(wrong, parts):
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(mse, wrong, Y_HAT)
    message = str(caught.value)
    for part in parts:
        assert part in message
    worst = np.abs(wrong(Y_HAT) - mse_gradient(Y_HAT)).argmax()
    assert f"at index ({worst},): analytic {wrong(Y_HAT)[worst]:.6g}, numerical" in message


@pytest.mark.parametrize("wrong", [one_wrong_element, np.zeros_like])
def test_no_hint_where_no_single_factor_explains_it(wrong):
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(mse, wrong, Y_HAT)
    assert "hint" not in str(caught.value)


@pytest.mark.parametrize(
    ("slopes", "analytic", "hint"),
    [
        ([[1.0, 2.0]], [[2.0, 4.0]], "every element is 2 times too large: is the 1/n missing?"),
        ([1.0, 2.0], [0.5, 1.0], "every element is 2 times too small: is the 1/n there twice?"),
        ([1.0, 2.0, 4.0], [-2.0, -4.0, -8.0],
         "the sign is flipped and every element is 2 times too large"),
        ([1.0, 2.0, 4.0], [-0.5, -1.0, -2.0],
         "the sign is flipped and every element is 2 times too small"),
        # An axis of length 1 has no 1/n to miss.
        ([[1.0, 2.0, 4.0]], [[1.00005, 2.0001, 4.0002]], "every element is 1 times too large"),
        # The third slope is nothing beside the others, and says nothing about a factor.
        ([1e3, 2e3, 5e-5], [2e3, 4e3, 5e-5], "every element is 2 times too large"),
        ([1.0, 2.0, 0.0], [2.0, 4.0, 0.5], None),
        ([1.0, 2.0, 4.0], [2.0, 6.0, 8.0], None),
        ([1.0, 2.0, 4.0], [2.0, 4.1, 8.0], None),
        ([1.0], [2.0], None),
        ([0.0, 0.0], [5e-5, 5e-5], None),
    ],
)  # fmt: skip
def test_the_hint_names_one_factor_or_nothing(slopes, analytic, hint):
    slopes = np.array(slopes)
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(lambda x: np.sum(slopes * x), analytic, np.ones(slopes.shape))
    assert str(caught.value).partition("\nhint: ")[2] == (hint or "")


def test_an_exact_gradient_passes_without_tolerance():
    assert assert_gradient_matches(np.sum, [1.0, 1.0], [0.0, 0.0], rtol=0, atol=0) == 0


def test_flipped_sign_is_the_whole_hint():
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(mse, -mse_gradient(Y_HAT), Y_HAT)
    assert str(caught.value).endswith("\nhint: the sign is flipped")


def test_factor_two_alone_is_not_blamed_on_n():
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(mse, 2 * mse_gradient(Y_HAT), Y_HAT)
    assert "2 times too large" in str(caught.value)
    assert "1/n" not in str(caught.value)


def test_no_hint_where_the_true_gradient_is_zero():
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(lambda x: 1.0, [1.0, 2.0], [0.0, 0.0])
    assert "hint" not in str(caught.value)


def test_gradient_of_a_single_number():
    assert assert_gradient_matches(lambda x: x**2, lambda x: 2 * x, 3.0) < 1e-8
    with pytest.raises(AssertionError, match="analytic 7, numerical 6"):
        assert_gradient_matches(lambda x: x**2, 7.0, 3.0)


@pytest.mark.parametrize(
    ("grad", "parts"),
    [
        (np.zeros((5, 1)), ("grad", "(5,)", "(5, 1)")),
        (0.5, ("grad", "(5,)", "()")),
        (np.array([1, 2, np.nan, 4, np.inf]), ("grad", "finite", "nan at index (2,)")),
        (["a"] * 5, ("grad", "real numbers", "dtype <U1")),
        (np.zeros(5, complex), ("grad", "real numbers", "complex128")),
    ],
    ids=["column", "scalar", "nan", "strings", "complex"],
)
def test_gradient_that_is_no_gradient(grad, parts):
    with pytest.raises(AssertionError) as caught:
        assert_gradient_matches(mse, grad, Y_HAT)
    for part in parts:
        assert part in str(caught.value)


def test_it_finds_a_wrong_gradient_of_a_real_loss():
    """Leave the sample weight 1/n out of a library gradient: the check must see it."""
    with pytest.raises(AssertionError, match=r"5 times too large: is the 1/n missing\?"):
        assert_gradient_matches(
            lambda x: lossutils.mse_loss(Y, x),
            lambda x: lossutils.mse_loss_grad(Y, x, reduction="sum"),
            Y_HAT,
        )
