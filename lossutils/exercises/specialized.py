"""Exercises on specialized losses: hinge, KL, Dice."""

import math

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Choice, Exercise, Function, Number, Probe

FOUR_BOTTLES = Exercise(
    "6.1",
    1,
    "Four more bottles",
    (
        Number("loss", "the hinge loss", 17 / 16).mistakes(
            (17 / 4, "That is the sum of the four charges. The loss is their mean."),
            (17 / 12, "The satisfied bottle counts as a sample too: n is 4, not 3."),
            (1 / 2, "The margin is missing: being right by a quarter is not enough."),
            (
                9 / 16,
                "Look at two things: no bottle pays less than 0, and the label counts in each "
                "product.",
            ),
        ),
        Number("third", "the third entry of the gradient", 1 / 4).mistakes(
            (0.0, "Zero is for a satisfied bottle. This green one has the score 2: is it?"),
            (1.0, "The 1/n of the mean is missing: there are four bottles."),
            (-1 / 4, "The sign: a green bottle's score is too high. Which way is that?"),
            (3 / 4, "Its charge is in there. Hinge pulls equally, however much is owed."),
        ),
    ),
    (
        "Write down the four products of label and score first. Two labels are minus one: mind "
        "the signs.",
        "Each bottle pays what its product lacks to reach one, and never less than nothing.",
        "A bottle that pays pulls with minus its label, divided by the number of bottles.",
    ),
)


def _hinge_data():
    rng = np.random.default_rng(60)
    yield "a single sample", [1], [0.5]
    yield "hand-size", [-1], [0.5]
    yield "hand-size", [1, -1], [3.0, 0.25]
    for size in (4, 5, 9):
        yield "random", rng.choice([-1, 1], size), rng.normal(scale=2, size=size)
    yield "whole numbers", [1, -1, 1], [0, -3, 2]
    yield "scores at the margin", [1, -1, 1], [1.0, -2.0, 0.5]
    yield "scores of ten thousand", [1, -1], [-1e4, -1e4]


HINGE_PROBES = tuple(
    Probe(kind, {"y_sign": np.array(y), "scores": np.array(s), "margin": margin})
    for kind, y, s in _hinge_data()
    for margin in (1.0, 0.5, 2.0)
)


def squared_hinge(y_sign, scores, margin):
    return lu.squared_hinge_loss(y_sign, scores, margin=margin)


def squared_hinge_grad(y_sign, scores, margin):
    return lu.squared_hinge_loss_grad(y_sign, scores, margin=margin)


MY_LOSS = Function("my_loss", "the loss", squared_hinge, HINGE_PROBES, may_use=())
MY_LOSS_GRAD = Function(
    "my_loss_grad", "the gradient", squared_hinge_grad, HINGE_PROBES, may_use=()
)
SQUARED_HINGE = Exercise(
    "6.2",
    2,
    "Squared hinge from scratch",
    (MY_LOSS, MY_LOSS_GRAD),
    (
        "First the shortfall of each sample, which is never negative. All else is made of it.",
        "The loss squares the shortfall and then averages. np.maximum compares element by element.",
        "Chain rule: twice the shortfall, times what the shortfall does when the score grows.",
    ),
)


@MY_LOSS.mistake("That is the plain hinge. Square each shortfall.")
def not_squared(y_sign, scores, margin):
    return lu.hinge_loss(y_sign, scores, margin=margin)


@MY_LOSS.mistake("A sample that is right by far is charged for it. Cut at 0 before you square.")
def squared_without_maximum(y_sign, scores, margin):
    return np.mean((margin - y_sign * scores) ** 2)


@MY_LOSS.mistake("The mean was squared. Square each shortfall, then average.")
def squared_last(y_sign, scores, margin):
    return lu.hinge_loss(y_sign, scores, margin=margin) ** 2


@MY_LOSS.mistake("The margin is taken as 1. It is an argument.")
def margin_of_one(y_sign, scores, margin):
    return lu.squared_hinge_loss(y_sign, scores)


@MY_LOSS.mistake("Every label is taken for +1. Where does the label come in?")
def label_free(y_sign, scores, margin):
    return np.mean(np.maximum(0, margin - np.asarray(scores)) ** 2)


@MY_LOSS_GRAD.mistake("The margin is taken as 1. It is an argument.")
def margin_of_one_grad(y_sign, scores, margin):
    return lu.squared_hinge_loss_grad(y_sign, scores, margin=1.0 + 0 * margin)


@MY_LOSS_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def summed_grad(y_sign, scores, margin):
    return squared_hinge_grad(y_sign, scores, margin) * len(scores)


@MY_LOSS_GRAD.mistake("That is the plain hinge's: one vote each. Here size matters.")
def votes_grad(y_sign, scores, margin):
    return lu.hinge_loss_grad(y_sign, scores, margin=margin)


@MY_LOSS_GRAD.mistake("Satisfied samples pull back here. They must be silent.")
def never_silent_grad(y_sign, scores, margin):
    return -2 * y_sign * (margin - y_sign * scores) / len(scores)


@MY_LOSS_GRAD.mistake("Green and brown pull the same way. Which factor is lost?")
def unsigned_grad(y_sign, scores, margin):
    return -2 * np.maximum(0, margin - y_sign * scores) / len(scores)


@MY_LOSS_GRAD.mistake(
    "A brown bottle that lacks something must be pushed up: which sign does its slope have?"
)
def flipped_grad(y_sign, scores, margin):
    return -squared_hinge_grad(y_sign, scores, margin)


@MY_LOSS_GRAD.mistake("The 2 is missing: the derivative of a square is twice ...")
def half_grad(y_sign, scores, margin):
    return squared_hinge_grad(y_sign, scores, margin) / 2


def _tables():
    rng = np.random.default_rng(61)
    yield "one row", [[0.5, 0.5]], [[0.75, 0.25]]
    yield "hand-size", [[0.5, 0.3, 0.2]], [[0.33, 0.33, 0.34]]
    yield "hand-size", [[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.25, 0.75]]
    for shape in ((2, 3), (3, 4), (5, 2)):
        yield (
            "random",
            rng.dirichlet(np.ones(shape[1]), shape[0]),
            rng.dirichlet(np.ones(shape[1]), shape[0]),
        )
    yield "a zero in p", [[1.0, 0.0], [0.5, 0.5]], [[0.25, 0.75], [0.75, 0.25]]
    yield "a zero in both", [[0.0, 0.5, 0.5]], [[0.0, 0.75, 0.25]]
    yield "a zero in q", [[0.5, 0.5], [0.5, 0.5]], [[1.0, 0.0], [0.25, 0.75]]


KL_PROBES = tuple(Probe(kind, {"p": np.array(p), "q": np.array(q)}) for kind, p, q in _tables())


def kl(p, q):
    return lu.kl_divergence(p, q)


MY_KL = Function("my_kl", "the divergence", kl, KL_PROBES)
KL_WITH_ZEROS = Exercise(
    "6.3",
    2,
    "KL with zeros",
    (MY_KL,),
    (
        "Sum over a row, then average over the rows. Without zeros it is one line.",
        "Terms with p = 0 are 0, whatever q is. Replace their p and q before the logarithm.",
        "np.where picks element by element; with np.errstate(divide='ignore') the zero in q "
        "becomes an infinity in peace.",
    ),
)


@MY_KL.mistake("Zero times the logarithm of zero comes out as nan. It counts 0.")
def kl_naive(p, q):
    with np.errstate(all="ignore"):
        return np.mean(np.sum(p * np.log(p / q), axis=-1))


@MY_KL.mistake(
    "A forecaster who rules out what happens gets a finite number. Do not clip: it is infinite."
)
def kl_clipped(p, q):
    p, q = np.maximum(p, 1e-12), np.maximum(q, 1e-12)
    return np.mean(np.sum(p * np.log(p / q), axis=-1))


@MY_KL.mistake("p and q are the wrong way round. The truth averages.")
def kl_swapped(p, q):
    return lu.kl_divergence(q, p)


@MY_KL.mistake("That is the cross-entropy. Its zero is not at p = q.")
def kl_cross_entropy(p, q):
    return lu.categorical_cross_entropy(p, q)


@MY_KL.mistake("That is in bits. The course uses the natural logarithm.")
def kl_bits(p, q):
    return kl(p, q) / np.log(2)


@MY_KL.mistake(
    "Where p and q are both zero, zero times the logarithm of q comes out as nan. It counts 0: "
    "decide by p, before any logarithm."
)
def kl_two_terms(p, q):
    # The entropy's part minds a p of zero, the other part does not: as F.kl_div.
    entropy = np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0)
    with np.errstate(all="ignore"):
        return np.mean(np.sum(entropy - p * np.log(q), axis=-1))


@MY_KL.mistake("It is summed over the rows. The terms of one distribution are in one row: axis 1.")
def kl_other_axis(p, q):
    return kl(p, q) * len(p) / np.shape(p)[-1]


@MY_KL.mistake("The sign is flipped: a divergence is never negative.")
def kl_flipped(p, q):
    return -kl(p, q)


@MY_KL.mistake("The rows are added up. Average over them.")
def kl_summed(p, q):
    return kl(p, q) * len(p)


@MY_KL.mistake("It is divided by all elements. The mean is over rows.")
def kl_every_element(p, q):
    return kl(p, q) / np.shape(p)[-1]


LN2, LN3 = math.log(2), math.log(3)
STUDENT = Exercise(
    "6.4",
    2,
    "The student's loss",
    (
        Choice("fault", "the fault", "b").mistakes(
            a="Values near each other can hide it: compute both on this example.",
            c="The target is not in log-space unless log_target=True.",
            d="The mean over all elements is the one that is not the KL.",
        ),
        Number("wanted", "the value that was wanted", LN2 - LN3 / 2).mistakes(
            (3 / 4 * LN3 - LN2, "That is the other way round. The teacher averages."),
            (1 - LN3 / 2 / LN2, "That is in bits. The natural logarithm is wanted."),
            (LN2 / 2 - LN3 / 4, "That is half of it. There is one row: divide by 1."),
            (2 * LN2 - LN3 / 2, "That is the cross-entropy. Subtract the entropy."),
        ),
        Number("computed", "the value that the line computes", 3 / 4 * LN3 - LN2).mistakes(
            (LN2 - LN3 / 2, "That is what was wanted. In the line, who averages?"),
            ((3 / 4 * LN3 - LN2) / LN2, "That is in bits. Use the natural logarithm."),
            (LN2 - 3 / 4 * LN3, "The sign: a KL is never negative."),
        ),
    ),
    (
        "PyTorch: kl_div(input, target). The input is the logarithm of the prediction.",
        "Which of the two distributions is taken for the truth, and so does the averaging?",
        "Write both sums with two terms each. The quotients are 2/3, 2, and their inverses.",
    ),
    exchangeable=False,  # that the two values are confused is what the exercise is about
)


def _masks():
    rng = np.random.default_rng(62)
    yield "a single image", [[[1, 0]]], [[[0.5, 0.25]]]
    yield "hand-size", [[[1, 0], [0, 1]]], [[[0.5, 0.0], [0.25, 1.0]]]
    for shape in ((2, 3, 3), (3, 2, 4), (4, 5, 5)):
        yield "random", rng.integers(0, 2, shape), rng.random(shape)
    yield "an empty mask", [[[0, 0]], [[1, 0]]], [[[0.1, 0.3]], [[0.5, 0.5]]]
    yield "sizes that differ", [[[1, 1, 1, 1]], [[0, 0, 0, 1]]], [[[1.0] * 4], [[0.0] * 4]]


DICE_PROBES = tuple(
    Probe(kind, {"masks": np.array(y, dtype=float), "p_pred": np.array(p), "smooth": smooth})
    for kind, y, p in _masks()
    for smooth in (1.0, 0.1)
)
IMAGE = (1, 2)


def dice(masks, p_pred, smooth):
    return lu.dice_loss(masks, p_pred, smooth=smooth, axis=IMAGE)


def dice_grad(masks, p_pred, smooth):
    return lu.dice_loss_grad(masks, p_pred, smooth=smooth, axis=IMAGE)


MY_DICE = Function("my_dice", "the loss", dice, DICE_PROBES, may_use=())
MY_DICE_GRAD = Function("my_dice_grad", "the gradient", dice_grad, DICE_PROBES, may_use=())
DICE = Exercise(
    "6.5",
    2,
    "Dice, image by image",
    (MY_DICE, MY_DICE_GRAD),
    (
        "The axes 1 and 2 belong to one image. The sums run over these two only.",
        "keepdims=True leaves the sums in a shape that fits the images again.",
        "The quotient rule gives one value for object pixels and one for the rest; then the mean "
        "over the images brings its 1/n.",
    ),
)


def _parts(masks, p_pred, smooth):
    shared = np.sum(masks * p_pred, axis=IMAGE, keepdims=True)
    sizes = np.sum(masks + p_pred, axis=IMAGE, keepdims=True)
    return 2 * shared + smooth, sizes + smooth


@MY_DICE.mistake("The batch is taken for one image. One loss for each, please.")
def dice_batch(masks, p_pred, smooth):
    return lu.dice_loss(masks, p_pred, smooth=smooth)


@MY_DICE.mistake("That is the score. The loss is one minus it.")
def dice_score(masks, p_pred, smooth):
    return 1 - dice(masks, p_pred, smooth)


@MY_DICE.mistake("The shared part must count twice, as it is in both sizes.")
def dice_once(masks, p_pred, smooth):
    top, bottom = _parts(masks, p_pred, smooth)
    return np.mean(1 - ((top - smooth) / 2 + smooth) / bottom)


@MY_DICE.mistake("The smoothing is missing in the numerator.")
def dice_smooth_below(masks, p_pred, smooth):
    top, bottom = _parts(masks, p_pred, smooth)
    return np.mean(1 - (top - smooth) / bottom)


@MY_DICE.mistake(
    "The smoothing counts twice in the numerator: twice the shared part, plus ε, not twice their "
    "sum."
)
def dice_smooth_twice(masks, p_pred, smooth):
    top, bottom = _parts(masks, p_pred, smooth)
    return np.mean(1 - (top + smooth) / bottom)


@MY_DICE.mistake("That divides by the union: it is the soft IoU.")
def dice_union(masks, p_pred, smooth):
    top, bottom = _parts(masks, p_pred, smooth)
    shared = (top - smooth) / 2
    return np.mean(1 - (shared + smooth) / (bottom - shared))


@MY_DICE.mistake("The images are added up. Average over them.")
def dice_summed(masks, p_pred, smooth):
    return dice(masks, p_pred, smooth) * len(masks)


@MY_DICE.mistake("Squares below: that is the form of Milletari. Here p itself is summed.")
def dice_squares(masks, p_pred, smooth):
    return np.mean(1 - _parts(masks, p_pred, smooth)[0] / _parts(masks, p_pred**2, smooth)[1])


@MY_DICE_GRAD.mistake("The batch is taken for one image here.")
def dice_grad_batch(masks, p_pred, smooth):
    return lu.dice_loss_grad(masks, p_pred, smooth=smooth)


@MY_DICE_GRAD.mistake("The denominator depends on p too.")
def dice_grad_constant_size(masks, p_pred, smooth):
    return -2 * masks / _parts(masks, p_pred, smooth)[1] / len(masks)


@MY_DICE_GRAD.mistake("That is the gradient of the score. Turn it around.")
def dice_grad_uphill(masks, p_pred, smooth):
    return -dice_grad(masks, p_pred, smooth)


@MY_DICE_GRAD.mistake("The 1/n is missing: the loss is a mean over images.")
def dice_grad_summed(masks, p_pred, smooth):
    return dice_grad(masks, p_pred, smooth) * len(masks)


EMPTY_PICTURES = Exercise(
    "6.6",
    3,
    "Three empty pictures",
    (
        Number("loss_zero", "the loss without smoothing", 3 / 4).mistakes(
            (1.0, "That is one empty picture. The fourth picture is perfect: average."),
            (
                0.0,
                "The masks are empty, the predictions are not: they add up to 2. What does Dice "
                "charge?",
            ),
            (3 / 13, "That is the whole batch as one picture. Average over pictures."),
        ),
        Number("loss_one", "the loss with ε = 1", 1 / 2).mistakes(
            (2 / 3, "That is one empty picture. The fourth picture is perfect: average."),
            (2 / 9, "That is the whole batch as one picture. Average over pictures."),
        ),
        Number("epsilon", "the ε that brings it to a tenth", 13.0).mistakes(
            (18.0, "So one empty picture costs a tenth. It is the mean that is asked for."),
            (0.1, "That is the loss that is aimed at. Which ε leads there?"),
        ),
        Number("missed", "the price of the missed boat", 10 / 23).mistakes(
            (10 / 11, "That is the price at ε = 1. Put in the ε that you found."),
            (13 / 23, "That is what the smoothing gives for free. The loss is the rest."),
            (1.0, "That is the price without smoothing. ε forgives a part of it."),
        ),
    ),
    (
        "The three empty pictures are alike, and the fourth costs nothing. So find one price.",
        "On an empty picture nothing is shared: the loss is 1 minus ε over (2 + ε).",
        "Set three quarters of that to a tenth, and solve. Then put this ε into the formula for a "
        "boat of ten pixels and an empty prediction.",
    ),
)


GAUSSIAN_PROBES = tuple(
    Probe(kind, dict(zip(("mu_1", "sigma_1", "mu_2", "sigma_2"), values, strict=True)))
    for kind, values in (
        ("hand-size", (0.0, 1.0, 1.0, 1.0)),
        ("hand-size", (1.0, 0.5, 0.0, 1.0)),
        ("hand-size", (0.0, 1.0, 0.0, 2.0)),
        ("equal distributions", (3.0, 0.7, 3.0, 0.7)),
        ("negative centers", (-2.0, 3.0, -5.0, 0.5)),
        ("whole numbers", (1, 2, 4, 3)),
        ("narrow against wide", (0.0, 1e-3, 1.0, 1e3)),
        ("random", (0.3, 1.7, -1.2, 0.9)),
    )
)


def gaussian_kl(mu_1, sigma_1, mu_2, sigma_2):
    spread = (sigma_1**2 + (mu_1 - mu_2) ** 2) / (2 * sigma_2**2)
    return np.log(sigma_2 / sigma_1) + spread - 1 / 2


GAUSSIAN_KL = Function("gaussian_kl", "the divergence", gaussian_kl, GAUSSIAN_PROBES)
TWO_GAUSSIANS = Exercise(
    "6.7",
    3,
    "From one Gaussian to another",
    (GAUSSIAN_KL,),
    (
        "Start as the chapter did: the mean of the difference of two log-densities.",
        "Over the first Gaussian, the mean of (x - mu_2) squared is its own variance plus a "
        "squared distance.",
        "Three pieces: a logarithm of two widths, a quotient with the second variance below, and "
        "minus a half. For equal distributions they must add up to 0.",
    ),
)


@GAUSSIAN_KL.mistake("The second one does the averaging here. Swap them.")
def gaussian_swapped(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_2, sigma_2, mu_1, sigma_1)


@GAUSSIAN_KL.mistake("For equal distributions it is one half too large.")
def gaussian_no_half(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + 1 / 2


@GAUSSIAN_KL.mistake("The distance of the means counts in widths of the second: divide it too.")
def gaussian_bare_distance(mu_1, sigma_1, mu_2, sigma_2):
    right = gaussian_kl(mu_1, sigma_1, mu_2, sigma_2)
    return right + (mu_1 - mu_2) ** 2 / 2 * (1 - 1 / sigma_2**2)


@GAUSSIAN_KL.mistake("A logarithm of variances is twice that of widths.")
def gaussian_log_of_variances(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) + np.log(sigma_2 / sigma_1)


@GAUSSIAN_KL.mistake("Which width is on top in the logarithm? Try wide Q.")
def gaussian_flipped_log(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_1, sigma_1, mu_2, sigma_2) - 2 * np.log(sigma_2 / sigma_1)


@GAUSSIAN_KL.mistake("The widths are standard deviations: square them.")
def gaussian_not_squared(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_1, sigma_1**0.5, mu_2, sigma_2**0.5)


@GAUSSIAN_KL.mistake("That is against the standard Gaussian only.")
def gaussian_standard(mu_1, sigma_1, mu_2, sigma_2):
    return gaussian_kl(mu_1, sigma_1, 0.0, 1.0)


EXERCISES = (
    FOUR_BOTTLES,
    SQUARED_HINGE,
    KL_WITH_ZEROS,
    STUDENT,
    DICE,
    EMPTY_PICTURES,
    TWO_GAUSSIANS,
)
