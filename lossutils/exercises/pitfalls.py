"""Exercises on common pitfalls."""

from math import acos, exp, log, pi

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe


def _epoch_probes():
    """Return probes ``(batch_means, batch_sizes)``."""
    rng = np.random.default_rng(100)
    found = [
        ("a single sample", [3.0], [1]),
        ("hand-size", [1.0, 4.0], [4, 2]),
        ("hand-size", [2.0, 2.5, 7.0], [4, 4, 1]),
        ("random", rng.uniform(0, 3, size=5), [32, 32, 32, 32, 7]),
        ("random", rng.uniform(0, 3, size=6), rng.integers(1, 40, size=6)),
        ("batches of one size", [0.5, 1.5, 4.0], [8, 8, 8]),
    ]
    return tuple(
        Probe(kind, {"batch_means": np.array(means), "batch_sizes": np.array(sizes)})
        for kind, means, sizes in found
    )


def epoch_mean(batch_means, batch_sizes):
    return np.average(batch_means, weights=batch_sizes)


EPOCH_MEAN = Function("epoch_mean", "the mean over the samples", epoch_mean, _epoch_probes())
WHAT_THE_LOG_KEPT = Exercise(
    "10.1",
    1,
    "What the log kept",
    (
        EPOCH_MEAN,
        Number("by_hand", "the mean by hand", 4.2).mistakes(
            (5, "That is the mean of the three means: each batch counts once."),
            (3, "The short batch is left out. Its samples are samples too."),
            (336, "That is the sum of all losses. Divide it by 80."),
            (3.5, "That divides by 96, three full batches. There are 80 samples."),
            (112, "That divides the sum by the number of batches."),
        ),
    ),
    (
        "A mean times the number of samples is the sum that it was made of.",
        "Rebuild the sum of each batch, add the sums, and divide once.",
        "Divide by the number of all samples: the sum of the sizes.",
    ),
)


@EPOCH_MEAN.mistake(
    "Each batch counts once, whatever its size: a sample of the short batch weighs more than the "
    "others."
)
def epoch_mean_of_means(batch_means, batch_sizes):
    return np.mean(batch_means)


@EPOCH_MEAN.mistake("That is the sum of all losses. Divide by all samples.")
def epoch_sum(batch_means, batch_sizes):
    return np.dot(batch_means, batch_sizes)


@EPOCH_MEAN.mistake("The sums are right. Divide by the number of samples, not of batches.")
def epoch_by_batches(batch_means, batch_sizes):
    return np.dot(batch_means, batch_sizes) / len(batch_sizes)


@EPOCH_MEAN.mistake("That divides as if all batches were as large as the first. Add up the sizes.")
def epoch_full_batches(batch_means, batch_sizes):
    return np.dot(batch_means, batch_sizes) / (len(batch_sizes) * batch_sizes[0])


@EPOCH_MEAN.mistake("The last batch is left out. Its samples are samples too.")
def epoch_without_last(batch_means, batch_sizes):
    end = max(1, len(batch_sizes) - 1)
    return np.average(batch_means[:end], weights=batch_sizes[:end])


def _loss_probes():
    """Return probes ``(y_true, logits)``; labels are 0 and 1 alone."""
    rng = np.random.default_rng(101)
    found = [
        ("a single sample", [1.0], [0.5]),
        ("a single sample", [0.0], [2.0]),
        ("hand-size", [1.0, 0.0, 0.0], [-1.0, 2.0, 0.25]),
        ("random", rng.permutation([0.0, 1.0] * 4), rng.normal(scale=2, size=8)),
        ("whole numbers", [1, 0, 1], [2, 1, -3]),
        ("logits of a thousand", [1.0, 0.0], [-1000.0, 0.5]),
        ("logits of a thousand", [0.0, 1.0], [1000.0, 3.0]),
        # Right and sure: the exact charge is zero, and zero times infinity is near.
        ("logits of a thousand", [1.0, 0.0], [1000.0, -1000.0]),
    ]
    return tuple(Probe(k, {"y_true": np.array(y), "logits": np.array(z)}) for k, y, z in found)


def loss(y_true, logits):
    return lu.binary_cross_entropy_with_logits(y_true, logits)


REPAIRED_LOSS = Function(
    "repaired_loss", "the loss", loss, _loss_probes(), may_use=("softplus", "sigmoid")
)
LOSS_WITH_TWO_BUGS = Exercise(
    "10.2",
    2,
    "A loss with two bugs",
    (REPAIRED_LOSS,),
    (
        "Try one sample with label 1 and a large logit. What should it be charged, and what is it "
        "charged?",
        "One bug is in the first line, the other in the second. Then try a logit of a thousand.",
        "A 1 is charged ln(1 + exp(−z)), a 0 is charged ln(1 + exp(z)). lu.softplus(z) is ln(1 + "
        "exp(z)), for every z.",
    ),
)


def _charged(y_true, p_one, p_zero):
    """Return the mean charge, from the probabilities of both classes."""
    y = np.asarray(y_true)
    return -np.mean(np.where(y == 1, np.log(p_one), np.log(p_zero)))


@REPAIRED_LOSS.mistake("Nothing is repaired yet: exhibits 4 and 7 may help.")
def loss_suspect(y_true, logits):
    p = lu.sigmoid(lu.sigmoid(logits))
    return _charged(y_true, 1 - p, p)


@REPAIRED_LOSS.mistake("The branches are right now. But can a sure answer ever be free? Exhibit 4.")
def loss_unswapped(y_true, logits):
    p = lu.sigmoid(lu.sigmoid(logits))
    return _charged(y_true, p, 1 - p)


@REPAIRED_LOSS.mistake(
    "One sigmoid now. But try label 1 with a large logit: telling the truth is costly. Exhibit 7."
)
def loss_once(y_true, logits):
    return lu.binary_cross_entropy_with_logits(1 - np.asarray(y_true), logits)


@REPAIRED_LOSS.mistake(
    "Both bugs are repaired, and at a logit of a thousand the loss is infinite: the probability "
    "was rounded. Exhibit 5."
)
def loss_naive(y_true, logits):
    p = lu.sigmoid(logits)
    with np.errstate(divide="ignore"):
        return _charged(y_true, p, 1 - p)


@REPAIRED_LOSS.mistake(
    "Both bugs are repaired, and at a logit of a thousand zero times infinity is nan. Exhibit 5."
)
def loss_nan(y_true, logits):
    y, p = np.asarray(y_true), lu.sigmoid(logits)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@REPAIRED_LOSS.mistake(
    "Clipping caps the loss: a logit of a thousand on the wrong side must cost a thousand."
)
def loss_clipped(y_true, logits):
    p = np.clip(lu.sigmoid(logits), 1e-7, 1 - 1e-7)
    return _charged(y_true, p, 1 - p)


@REPAIRED_LOSS.mistake(
    "A smaller clip is still a cap: a logit of a thousand on the wrong side must cost a thousand."
)
def loss_clipped_finer(y_true, logits):
    p = np.clip(lu.sigmoid(logits), 1e-12, 1 - 1e-12)
    return _charged(y_true, p, 1 - p)


def _step_probes():
    """Return probes ``(x, y, w, rate)``."""
    rng = np.random.default_rng(102)
    found = [
        ("hand-size", [[1.0], [2.0]], [1.0, 3.0], [0.5], 0.1),
        ("hand-size", [[1.0, 0.0], [0.0, 2.0]], [1.0, 3.0], [0.0, 1.0], 0.5),
    ]
    for n, d in ((3, 2), (5, 3), (8, 1)):
        x, y, w = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)
        found.append(("random", x, y, w, 0.2))
    found.append(("a perfect model", [[1.0, 1.0], [2.0, 0.0]], [3.0, 2.0], [1.0, 2.0], 0.3))
    return tuple(
        Probe(kind, {"x": np.array(x), "y": np.array(y), "w": np.array(w), "rate": rate})
        for kind, x, y, w, rate in found
    )


def step(x, y, w, rate):
    return w - rate * 2 * x.T @ (x @ w - y) / len(y)


REPAIRED_STEP = Function("repaired_step", "the new weights", step, _step_probes())
STEP_WITH_TWO_BUGS = Exercise(
    "10.3",
    2,
    "A step with two bugs",
    (REPAIRED_STEP,),
    (
        "Print the shape of error. Which shape should it have?",
        "One prediction minus one target, for each sample: x @ w - y.",
        "Then list every sample twice. The step must not change: divide by the number of samples.",
    ),
)


def _table(x, y, w):
    """Return the slope's sum over the table of all pairs."""
    return (2 * x.T @ (x @ w[:, np.newaxis] - y)).sum(axis=1)


@REPAIRED_STEP.mistake("Nothing is repaired yet: print the shape of error.")
def step_suspect(x, y, w, rate):
    return w - rate * _table(x, y, w)


@REPAIRED_STEP.mistake("The shapes are right now. But the step grows with the batch: exhibit 2.")
def step_sum(x, y, w, rate):
    return w - rate * 2 * x.T @ (x @ w - y)


@REPAIRED_STEP.mistake("The 1/n is there now. But error is still a table of all pairs: exhibit 1.")
def step_pairs(x, y, w, rate):
    return w - rate * _table(x, y, w) / len(y)


@REPAIRED_STEP.mistake("That is the mean over all pairs of a prediction with a target: exhibit 1.")
def step_mean_of_pairs(x, y, w, rate):
    return w - rate * _table(x, y, w) / len(y) ** 2


@REPAIRED_STEP.mistake("That goes uphill: subtract rate times slope.")
def step_up(x, y, w, rate):
    return w + rate * 2 * x.T @ (x @ w - y) / len(y)


@REPAIRED_STEP.mistake("The 2 from the derivative of the square is missing.")
def step_half(x, y, w, rate):
    return w - rate * x.T @ (x @ w - y) / len(y)


THREE_SLIPS = Exercise(
    "10.4",
    2,
    "Three slips in twelve",
    (
        Array("suspects", "the suspects", (6, 9, 2), 0).mistakes(
            ((2, 9, 6), "Those are the three. The worst one comes first."),
            ((2, 6, 9), "Those are the three. Sort them by their loss, worst first."),
            (
                (3, 7, 11),
                "Those are the ones of which the network is least sure. Look for those where it "
                "is sure of something else than what was typed.",
            ),
            ((0, 1, 8), "Those are among the easiest. The largest losses are wanted."),
            (
                (2, 5, 6),
                "Those are the first three that are classified wrongly. Sort by the loss instead.",
            ),
            ((6, 0, 9), "Those have the largest logits. Compare them with what was typed."),
        ),
        Number("worst_loss", "the largest loss", log(exp(7) + 2)).mistakes(
            (
                7,
                "That is the logit, or the loss rounded too far: the two differ in the third "
                "decimal. The loss is ln of the sum of all exponentials, minus the logit of the "
                "typed wing.",
            ),
            (log(1 + 2 * exp(-7)), "That is what it would cost if wing 1 were right."),
            (log(exp(7) + 2) / log(2), "That is in bits. Use the natural logarithm."),
        ),
    ),
    (
        "sparse_categorical_cross_entropy_with_logits, with reduction='none', gives one loss for "
        "each sample.",
        "np.argsort sorts from small to large. Where are the three largest?",
        "[::-1] turns an array around, [:3] takes the first three.",
    ),
)


LETTERS = Exercise(
    "10.5",
    2,
    "Letters to the museum",
    (
        Choice("letter_1", "letter 1", "b", "abcdef").mistakes(
            f="Labels out of range send the loss below zero. This one has a floor.",
            d="That one swings. This loss stands still, at a number with a meaning.",
            a="Then all answers would be alike. Here every one is right.",
            c="Then the answers would be wrong. Here every one is right.",
            e="That makes a report depend on the batch size. Here one number stands for days.",
        ),
        Choice("letter_2", "letter 2", "c", "abcdef").mistakes(
            b="Then the loss could not come close to zero: it has a floor.",
            d="That one swings. This loss has arrived.",
            e="That changes a report, and no answer.",
            f="There the loss goes below zero. Here it is small, and lying pays.",
            a="Then all answers would be alike, and the loss would not be small.",
        ),
        Choice("letter_3", "letter 3", "d", "abcdef").mistakes(
            b="Then the loss would stand still at its floor.",
            e="That changes a report. Here the training itself goes up and down.",
            a="Then the loss would fall and stay. This one comes back up.",
            c="Then the loss would fall and stay low. This one comes back up.",
            f="Then the loss would go below zero and not come back.",
        ),
        Choice("letter_4", "letter 4", "a", "abcdef").mistakes(
            b="Softmax is for classes. Here targets are numbers.",
            c="That is for yes and no. Here targets are numbers.",
            d="That one swings. This loss has stopped, at a number with a meaning.",
            e="That changes a report. Here the answers themselves are alike.",
            f="Then the loss would go below zero, and not stop.",
        ),
        Choice("letter_5", "letter 5", "e", "abcdef").mistakes(
            a="Then the loss would be wrong with every batch size. What is averaged?",
            b="That floor is the same for every batch size. What differs between the two days?",
            c="That is as wrong with every batch size. What differs between the two days?",
            f="That is as wrong with every batch size. What differs between the two days?",
            d="A frozen model has no use for a gradient.",
        ),
    ),
    (
        "Letter 1: compute ln(1 + (C − 1)/e) for ten classes. Letter 2: is that worse than "
        "guessing?",
        "Letter 3: which bug gets slower with a smaller rate, and no better? Letter 4: what is "
        "compared with what?",
        "Letter 5: nothing learns, so look at how the numbers are averaged.",
    ),
)


MARBLE = Exercise(
    "10.6",
    3,
    "The marble in the bowl",
    (
        Number("limit_cleared", "the limit with clearing", 1, 1, 0.03).mistakes(
            (0.5, "There it arrives in one step. Larger rates still arrive."),
            (2, "The slope of w² is 2w, not w: the limit is reached earlier."),
        ),
        Number("limit_never", "the limit without clearing", 2, 1, 0.03).mistakes(
            (1, "There it swings, and its swings do not grow. Try a larger rate."),
            (4, "The slope of w² is 2w, not w: the limit is reached earlier."),
            (0.5, "There it swings, and its swings do not grow. Try a larger rate."),
        ),
        Number("swing", "the steps of a swing", 2 * pi / acos(0.99), 1, 0.05).mistakes(
            (
                pi / acos(0.99),
                "That is one swing of the *loss*, or half a swing of the weight: it is at −3.",
            ),
            (44, "That is one single swing, in whole steps. Average over many."),
            (45, "That is one single swing, in whole steps. Average over many."),
            (44.3, "Near, but averaged over too few swings. Take more steps."),
            (44.5, "Near, but averaged over too few swings. Take more steps."),
            (2 * pi / acos(0.995), "That is for a slope of w. The slope of w² is 2w."),
        ),
    ),
    (
        "With clearing the weight becomes w − 2·rate·w. By which factor does it change?",
        "Without clearing, keep the sum of all slopes. Try rates a little below and a little "
        "above your guess, with some hundred steps.",
        "For the swing: note the steps at which the weight passes zero upward. From the first to "
        "the last, divide the distance by the number of swings; take at least fifty.",
    ),
)


EXERCISES = (
    WHAT_THE_LOG_KEPT,
    LOSS_WITH_TWO_BUGS,
    STEP_WITH_TWO_BUGS,
    THREE_SLIPS,
    LETTERS,
    MARBLE,
)
