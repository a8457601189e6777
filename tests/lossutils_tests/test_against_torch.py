"""Values and gradients against PyTorch in float64, and against SciPy or a slow loop."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import lossutils

from .cases import CASES, REDUCTIONS, SETTINGS, STABLE, label
from .references import CLASS_WEIGHT, CLASSES

RTOL = 1e-10
# For sums in which large terms cancel: a few roundings of numbers near 1.
ATOL = 1e-14


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("case", "knobs"), SETTINGS, ids=label)
def test_value_and_gradient(case, knobs, reduction, seed):
    data = case.draw(seed, **knobs)
    expected = case.reference(*map(torch.tensor, data), reduction=reduction, **knobs)
    value = case.loss(*data, **knobs, reduction=reduction)
    assert np.shape(value) == tuple(expected.shape)
    np.testing.assert_allclose(value, expected.numpy(), rtol=RTOL, atol=ATOL)

    expected = case.reference_gradients(*data, **knobs, reduction=reduction)
    gradients = case.gradients(*data, **knobs, reduction=reduction)
    for gradient, reference in zip(gradients, expected, strict=True):
        assert gradient.shape == reference.shape
        np.testing.assert_allclose(gradient, reference, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize(("case", "knobs"), SETTINGS, ids=label)
def test_value_of_each_sample_against_scipy_or_a_slow_loop(case, knobs):
    data = case.draw(2, **knobs)
    value = case.loss(*data, **knobs, reduction="none")
    np.testing.assert_allclose(value, case.per_sample(*data, **knobs), rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_many_samples(case):
    """Repeat the data until they need several blocks: means stay, gradients repeat."""
    data = case.draw(3)
    if case.name == "info_nce_loss":
        data = tuple(np.random.default_rng(3).normal(size=(2, 400, 3)))
    else:
        data = tuple(np.concatenate([a] * 6000) for a in data)
    tensors = [torch.tensor(a) for a in data]
    expected = case.reference(*tensors, reduction="mean").item()
    assert case.loss(*data) == pytest.approx(expected, rel=RTOL)
    expected = case.reference_gradients(*data, reduction="mean")
    for gradient, reference in zip(case.gradients(*data), expected, strict=True):
        np.testing.assert_allclose(gradient, reference, rtol=RTOL, atol=ATOL)
    np.testing.assert_allclose(
        case.loss(*data, reduction="none"),
        case.reference(*tensors, reduction="none"),
        rtol=RTOL,
        atol=ATOL,
    )


@pytest.mark.parametrize("case", STABLE, ids=label)
def test_stable_function(case):
    data = case.draw(0)
    settings = [{}, {"axis": 0}, {"axis": 1}, {"axis": -1}] if case.has_axis else [{}]
    for knobs in settings:
        scipy_knobs = {"axis": -1} | knobs if case.has_axis else {}
        expected = case.scipy(*data, **scipy_knobs)
        np.testing.assert_allclose(case.function(*data, **knobs), expected, rtol=1e-13)
        np.testing.assert_allclose(
            case.function(-data[0], *data[1:], **knobs),
            case.scipy(-data[0], *data[1:], **scipy_knobs),
            rtol=1e-13,
        )


# --- conventions that differ between libraries ---


@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_huber_is_delta_times_smooth_l1(delta):
    y, y_hat = (
        torch.randn(50, generator=torch.Generator().manual_seed(k)).double() for k in (0, 1)
    )
    smooth_l1 = F.smooth_l1_loss(y_hat, y, beta=delta).item()
    huber = lossutils.huber_loss(y.numpy(), y_hat.numpy(), delta=delta)
    assert huber == pytest.approx(delta * smooth_l1, rel=RTOL)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_class_losses_accept_any_number_of_sample_axes(reduction):
    rng = np.random.default_rng(0)
    labels, logits = rng.integers(CLASSES, size=(2, 3)), rng.normal(size=(2, 3, CLASSES))
    knobs = {"label_smoothing": 0.2, "reduction": reduction}
    value = lossutils.sparse_categorical_cross_entropy_with_logits(
        labels, logits, class_weight=CLASS_WEIGHT, **knobs
    )
    # PyTorch wants the classes on axis 1.
    expected = F.cross_entropy(
        torch.tensor(logits).movedim(-1, 1),
        torch.tensor(labels),
        weight=torch.tensor(CLASS_WEIGHT).double(),
        **knobs,
    )
    np.testing.assert_allclose(value, expected.numpy(), rtol=RTOL)


@pytest.mark.parametrize("space", ["", "_with_logits"])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.25])
@pytest.mark.parametrize("weight", [None, CLASS_WEIGHT], ids=["unweighted", "weighted"])
def test_one_hot_form_equals_sparse_form(space, reduction, smoothing, weight):
    rng = np.random.default_rng(1)
    labels = rng.integers(CLASSES, size=9)
    prediction = rng.dirichlet(np.ones(CLASSES), 9) if not space else rng.normal(size=(9, CLASSES))
    knobs = {"class_weight": weight, "label_smoothing": smoothing, "reduction": reduction}
    for suffix in ("", "_grad"):
        dense = getattr(lossutils, f"categorical_cross_entropy{space}{suffix}")
        sparse = getattr(lossutils, f"sparse_categorical_cross_entropy{space}{suffix}")
        np.testing.assert_allclose(
            dense(np.eye(CLASSES)[labels], prediction, **knobs),
            sparse(labels, prediction, **knobs),
            rtol=1e-14,
        )


@pytest.mark.parametrize("smoothing", [0.0, 0.25])
@pytest.mark.parametrize("weight", [None, CLASS_WEIGHT], ids=["unweighted", "weighted"])
def test_soft_rows(smoothing, weight):
    rng = np.random.default_rng(2)
    rows, logits = rng.dirichlet(np.ones(CLASSES), 9), rng.normal(size=(9, CLASSES))
    knobs = {"class_weight": weight, "label_smoothing": smoothing}
    w = np.ones(CLASSES) if weight is None else np.array(weight)
    z = torch.tensor(logits, requires_grad=True)
    total = F.cross_entropy(
        z, torch.tensor(rows), torch.tensor(w), label_smoothing=smoothing, reduction="sum"
    )
    total.backward()
    loss = lossutils.categorical_cross_entropy_with_logits
    grad = lossutils.categorical_cross_entropy_with_logits_grad
    assert loss(rows, logits, **knobs, reduction="sum") == pytest.approx(total.item(), rel=RTOL)
    np.testing.assert_allclose(
        grad(rows, logits, **knobs, reduction="sum"), z.grad, rtol=RTOL, atol=ATOL
    )
    # PyTorch divides by n for soft rows; here "mean" is the weighted mean for them too.
    divisor = (rows @ w).sum()
    assert loss(rows, logits, **knobs) == pytest.approx(total.item() / divisor, rel=RTOL)
    np.testing.assert_allclose(grad(rows, logits, **knobs), z.grad / divisor, rtol=RTOL, atol=ATOL)
    probabilities = torch.softmax(z, -1).detach().numpy()
    value = lossutils.categorical_cross_entropy(rows, probabilities, **knobs)
    assert value == pytest.approx(total.item() / divisor, rel=RTOL)


def test_kl_mean_of_torch_is_not_the_divergence():
    rng = np.random.default_rng(3)
    p, q = rng.dirichlet(np.ones(CLASSES), (2, 6))
    log_q = torch.log(torch.tensor(q))
    value = lossutils.kl_divergence(p, q)
    batchmean = F.kl_div(log_q, torch.tensor(p), reduction="batchmean").item()
    assert value == pytest.approx(batchmean, rel=RTOL)
    with pytest.warns(UserWarning, match="reduction: 'mean'"):
        torch_mean = F.kl_div(log_q, torch.tensor(p), reduction="mean").item()
    assert value == pytest.approx(CLASSES * torch_mean, rel=RTOL)


def test_triplet_is_torch_s_and_squared_is_facenet_s():
    anchor, positive, negative = np.random.default_rng(4).normal(size=(3, 20, 5))
    tensors = [torch.tensor(a) for a in (anchor, positive, negative)]
    # PyTorch adds eps to every difference; the default 1e-6 would be seen at this tolerance.
    expected = F.triplet_margin_loss(*tensors, margin=0.5, eps=1e-300).item()
    value = lossutils.triplet_loss(anchor, positive, negative, margin=0.5)
    assert value == pytest.approx(expected, rel=RTOL)
    d_p, d_n = ((anchor - positive) ** 2).sum(-1), ((anchor - negative) ** 2).sum(-1)
    facenet = np.maximum(d_p - d_n + 0.5, 0).mean()
    value = lossutils.triplet_loss(anchor, positive, negative, margin=0.5, squared=True)
    assert value == pytest.approx(facenet, rel=RTOL)
