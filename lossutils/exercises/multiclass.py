"""Exercises on losses for many classes."""

import math

import numpy as np

import lossutils as lu
from lossutils.exercises.model import Array, Choice, Exercise, Function, Number, Probe

LOSS = -(math.log(0.6) + math.log(0.2)) / 2
TWO_PHOTOS = Exercise(
    "5.1",
    1,
    "Two photos on paper",
    (
        Number("loss", "the loss", LOSS).mistakes(
            (2 * LOSS, "That is the sum over the two photos. Take the mean."),
            (-math.log(0.2), "That is the second photo alone. Take the mean of both."),
            (LOSS / 3, "That is divided by the classes too. The mean is over photos."),
            (LOSS / math.log(10), "That is the logarithm to base 10. Here it is np.log."),
            (LOSS / math.log(2), "Those are bits. The course measures in nats: np.log."),
            (
                -(math.log(0.3) + math.log(0.5)) / 2,
                "Those are the first entries. Read each row at the place of its true class.",
            ),
            (0.4, "That is the mean of the two probabilities. The logarithm is missing."),
        ),
        Array("push", "the gradient", (0.25, 0.15, -0.4)).mistakes(
            ((0.5, 0.3, -0.8), "The 1/n is missing: it is the gradient of a mean."),
            ((0.25 / 3, 0.05, -0.4 / 3), "That is divided by the classes too."),
            ((-0.25, -0.15, 0.4), "The sign is flipped: prediction minus truth."),
            (
                (0.0, 0.0, -2.5),
                "That is the gradient with respect to the probabilities. Asked for are the logits.",
            ),
            (
                (0.0, 0.0, -5.0),
                "That is the gradient with respect to the probabilities, and without the mean's "
                "1/n. Asked for are the logits.",
            ),
            ((0.25, 0.15, 0.1), "The truth was not subtracted: which class is it?"),
            ((0.15, -0.2, 0.05), "That is the first photo. Asked for is the second."),
        ),
    ),
    (
        "Which entry of each row belongs to the true class? Nothing else enters the loss.",
        "Take the negative natural logarithm of these two entries, and their mean.",
        "For the logits the gradient is prediction minus truth, and the mean's 1/n.",
    ),
)


# float32 keeps about seven digits; a mean of a few numbers leaves four for sure.
FLOAT32 = 1e-4


def _photos():
    """Return ``(kind, labels, logits, tolerance)``."""
    rng = np.random.default_rng(50)
    found = [
        ("a single sample", [1], [[0.5, 1.5, -1.0]], 1e-6),
        ("a single sample", [0], [[0.0, 2.0]], 1e-6),
        ("hand-size", [2, 0], [[2.0, 1.0, -1.0], [0.5, 1.5, 0.25]], 1e-6),
        ("hand-size", [1, 1, 0], [[1.0, 0.5, 0.0], [0.0, 0.0, 0.5], [2.0, 3.0, 1.0]], 1e-6),
    ]
    for n, classes in ((4, 3), (5, 3), (6, 4), (9, 5)):
        z = rng.normal(scale=2, size=(n, classes))
        found.append(("random", rng.integers(0, classes, size=n), z, 1e-6))
    found += [
        ("fifty classes", [7, 49, 0], rng.normal(size=(3, 50)), 1e-6),
        ("whole numbers", [0, 2], [[3, 1, 0], [0, 2, -1]], 1e-6),
        ("float32", [0, 1], np.float32([[0.5, 1.5, 0.0], [0.25, 2.0, 1.0]]), FLOAT32),
        ("logits of a thousand", [0, 1], [[1000.0, 998.0, 0.0], [1001.0, 1000.0, 999.5]], 1e-6),
        ("logits of a thousand", [2, 0], [[-1000.0, 1000.0, 0.0], [-999.0, -1000.0, -998.0]], 1e-6),
    ]
    return [(kind, np.array(y), np.array(z), tolerance) for kind, y, z, tolerance in found]


SPARSE_PROBES = tuple(
    Probe(kind, {"labels": y, "logits": z}, tolerance) for kind, y, z, tolerance in _photos()
)


def sparse(labels, logits):
    return lu.sparse_categorical_cross_entropy_with_logits(labels, logits)


def sparse_grad(labels, logits):
    return lu.sparse_categorical_cross_entropy_with_logits_grad(labels, logits)


MY_SPARSE = Function("my_sparse", "value", sparse, SPARSE_PROBES, may_use=())
MY_SPARSE_GRAD = Function("my_sparse_grad", "gradient", sparse_grad, SPARSE_PROBES, may_use=())
SPARSE = Exercise(
    "5.2",
    2,
    "Without a one-hot row",
    (MY_SPARSE, MY_SPARSE_GRAD),
    (
        "Derive first: the loss of a row is its log-sum-exp minus one logit. Which one?",
        "To read another column in each row, index with two lists: row numbers and labels.",
        "Subtract each row's largest logit before the exponential. The gradient is the softmax, "
        "less one at the label's place, and divided by n.",
    ),
)


def _log_p(logits):
    """Return the log-probabilities."""
    return lu.log_softmax(np.asarray(logits, dtype=float))


def _naive(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(np.asarray(logits, dtype=float))
        return powers / powers.sum(axis=1, keepdims=True)


def _true_entries(table, labels):
    """Return what each row has at its label."""
    return table[np.arange(len(labels)), labels]


def _one_hot(labels, logits):
    """Return the truth as rows."""
    return np.eye(np.shape(logits)[1])[labels]


@MY_SPARSE.mistake(
    "The formula is right, and e to the thousand is too large for the computer. Subtract the "
    "largest logit of each row first."
)
def sparse_naive(labels, logits):
    with np.errstate(all="ignore"):
        return -np.log(_true_entries(_naive(logits), labels)).mean()


@MY_SPARSE.mistake(
    "The softmax is safe, its logarithm is not: a probability far behind is rounded to zero. Take "
    "the log-sum-exp minus the true logit instead."
)
def sparse_log_of_softmax(labels, logits):
    p = lu.softmax(np.asarray(logits, dtype=float))
    with np.errstate(divide="ignore"):
        return -np.log(_true_entries(p, labels)).mean()


def _with_a_bit_more(bit):
    """Return the loss with a small number added to the softmax before its logarithm."""

    def more(labels, logits):
        p = lu.softmax(np.asarray(logits, dtype=float))
        return -np.log(_true_entries(p, labels) + bit).mean()

    return more


for one in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15):
    MY_SPARSE.mistake(
        "A small number in the logarithm caps the loss: whoever is behind by a thousand must pay "
        "a thousand. Take the log-sum-exp minus the true logit instead."
    )(_with_a_bit_more(one))


@MY_SPARSE.mistake(
    "A softmax comes before the loss, and the loss has one of its own: hand the logits in as they "
    "are."
)
def sparse_twice(labels, logits):
    return sparse(labels, lu.softmax(np.asarray(logits, dtype=float)))


@MY_SPARSE.mistake(
    "The formula is right, and e to the thousand is too large for the computer. Subtract the "
    "largest logit of each row first."
)
def sparse_naive_lse(labels, logits):
    z = np.asarray(logits, dtype=float)
    with np.errstate(over="ignore"):
        return (np.log(np.exp(z).sum(axis=1)) - _true_entries(z, labels)).mean()


@MY_SPARSE.mistake("That is the sum over the samples. Take the mean.")
def sparse_sum(labels, logits):
    return -_true_entries(_log_p(logits), labels).sum()


@MY_SPARSE.mistake("The mean is over samples: divide by n, not n times C.")
def sparse_over_classes(labels, logits):
    return sparse(labels, logits) / np.shape(logits)[1]


@MY_SPARSE.mistake("That is the true logit alone; its log-sum-exp is missing.")
def sparse_only_score(labels, logits):
    return -_true_entries(np.asarray(logits, dtype=float), labels).mean()


@MY_SPARSE.mistake(
    "Every row is read at every label: with a colon in front, the labels choose whole columns. "
    "Give the row numbers as well."
)
def sparse_pairs(labels, logits):
    return -_log_p(logits)[:, labels].mean()


@MY_SPARSE.mistake("Every row is read at its first column. Where do labels enter?")
def sparse_first(labels, logits):
    return -_log_p(logits)[:, 0].mean()


@MY_SPARSE.mistake("That is the mean probability with a minus, without its log.")
def sparse_no_log(labels, logits):
    return -_true_entries(np.exp(_log_p(logits)), labels).mean()


@MY_SPARSE.mistake("The sign is flipped: surprise is positive.")
def sparse_flipped(labels, logits):
    return -sparse(labels, logits)


@MY_SPARSE_GRAD.mistake("It is n times too large: the mean's 1/n is missing.")
def sparse_grad_sum(labels, logits):
    return lu.sparse_categorical_cross_entropy_with_logits_grad(labels, logits, reduction="sum")


@MY_SPARSE_GRAD.mistake(
    "Right for small logits. e to the thousand is too large for the computer: subtract the largest "
    "logit of each row first."
)
def sparse_grad_naive(labels, logits):
    return (_naive(logits) - _one_hot(labels, logits)) / len(labels)


@MY_SPARSE_GRAD.mistake(
    "A softmax comes before the loss, and the loss has one of its own: hand the logits in as they "
    "are."
)
def sparse_grad_twice(labels, logits):
    return sparse_grad(labels, lu.softmax(np.asarray(logits, dtype=float)))


@MY_SPARSE_GRAD.mistake("The mean is over samples: divide by n, not n times C.")
def sparse_grad_over_classes(labels, logits):
    return sparse_grad(labels, logits) / np.shape(logits)[1]


@MY_SPARSE_GRAD.mistake("The softmax runs down the columns. Its sum is over axis 1.")
def sparse_grad_axis(labels, logits):
    z = np.asarray(logits, dtype=float)
    powers = np.exp(z - z.max(axis=0))
    return (powers / powers.sum(axis=0) - _one_hot(labels, logits)) / len(labels)


@MY_SPARSE_GRAD.mistake("That is the softmax over n; no one was subtracted.")
def sparse_grad_softmax(labels, logits):
    return np.exp(_log_p(logits)) / len(labels)


@MY_SPARSE_GRAD.mistake(
    "One was subtracted in whole columns: with a colon in front, the labels choose columns. Give "
    "the row numbers as well."
)
def sparse_grad_columns(labels, logits):
    p = np.exp(_log_p(logits))
    p[:, labels] -= 1
    return p / len(labels)


@MY_SPARSE_GRAD.mistake("The sign is flipped: it is prediction minus truth.")
def sparse_grad_flipped(labels, logits):
    return -sparse_grad(labels, logits)


@MY_SPARSE_GRAD.mistake(
    "That is the gradient with respect to the probabilities. Asked for are the logits."
)
def sparse_grad_of_p(labels, logits):
    with np.errstate(all="ignore"):
        return -_one_hot(labels, logits) / np.exp(_log_p(logits)) / len(labels)


WEIGHTED_PROBES = tuple(
    Probe(
        kind,
        # Weights that grow with the class, and from input to input another scale.
        {
            "labels": y,
            "logits": z,
            "class_weight": (1 + place % 3) * np.arange(1, z.shape[1] + 1.0),
        },
        tolerance,
    )
    for place, (kind, y, z, tolerance) in enumerate(_photos())
    if len(y) > 1
)


def weighted(labels, logits, class_weight):
    return lu.sparse_categorical_cross_entropy_with_logits(
        labels, logits, class_weight=class_weight
    )


def weighted_grad(labels, logits, class_weight):
    return lu.sparse_categorical_cross_entropy_with_logits_grad(
        labels, logits, class_weight=class_weight
    )


ALLOWED = ("log_softmax", "softmax")
MY_WEIGHTED = Function("my_weighted", "value", weighted, WEIGHTED_PROBES, may_use=ALLOWED)
MY_WEIGHTED_GRAD = Function(
    "my_weighted_grad", "gradient", weighted_grad, WEIGHTED_PROBES, may_use=ALLOWED
)
WEIGHTED_MEAN = Exercise(
    "5.3",
    2,
    "A weighted mean",
    (MY_WEIGHTED, MY_WEIGHTED_GRAD),
    (
        "First give every sample its weight: index the weights with the labels.",
        "The divisor is the sum of the samples' weights, not their number.",
        "In the gradient, the weight of a sample multiplies its whole row.",
    ),
)


def _total(labels, class_weight):
    return class_weight[labels].sum()


@MY_WEIGHTED.mistake("That is divided by n. Divide by the samples' weights.")
def weighted_over_n(labels, logits, class_weight):
    value = weighted(labels, logits, class_weight)
    return value * _total(labels, class_weight) / len(labels)


@MY_WEIGHTED.mistake(
    "That is divided by the weights of the classes. Each *sample* brings its weight."
)
def weighted_over_all(labels, logits, class_weight):
    value = weighted(labels, logits, class_weight)
    return value * _total(labels, class_weight) / class_weight.sum()


@MY_WEIGHTED.mistake("That is the weighted sum. The division is missing.")
def weighted_sum(labels, logits, class_weight):
    return weighted(labels, logits, class_weight) * _total(labels, class_weight)


@MY_WEIGHTED.mistake("That is the plain mean: the weights do not enter.")
def weighted_plain(labels, logits, class_weight):
    return sparse(labels, logits)


@MY_WEIGHTED.mistake("It is divided twice: by the sum of weights, and by n.")
def weighted_twice(labels, logits, class_weight):
    return weighted(labels, logits, class_weight) / len(labels)


@MY_WEIGHTED_GRAD.mistake("That is divided by n, not by the samples' weights.")
def weighted_grad_over_n(labels, logits, class_weight):
    value = weighted_grad(labels, logits, class_weight)
    return value * _total(labels, class_weight) / len(labels)


@MY_WEIGHTED_GRAD.mistake(
    "Column c was multiplied by the weight of class c. The weight is that of the sample's true "
    "class, for all columns of its row."
)
def weighted_grad_columns(labels, logits, class_weight):
    push = np.exp(_log_p(logits)) - _one_hot(labels, logits)
    return class_weight * push / _total(labels, class_weight)


@MY_WEIGHTED_GRAD.mistake(
    "Only the truth was weighted. The weight multiplies all of prediction minus truth."
)
def weighted_grad_truth(labels, logits, class_weight):
    p, total = np.exp(_log_p(logits)), _total(labels, class_weight)
    return (p - class_weight[labels][:, None] * _one_hot(labels, logits)) / total


@MY_WEIGHTED_GRAD.mistake(
    "That is divided by the weights of the classes. Each *sample* brings its weight."
)
def weighted_grad_over_all(labels, logits, class_weight):
    value = weighted_grad(labels, logits, class_weight)
    return value * _total(labels, class_weight) / class_weight.sum()


@MY_WEIGHTED_GRAD.mistake("That is the plain gradient: the weights do not enter.")
def weighted_grad_plain(labels, logits, class_weight):
    return sparse_grad(labels, logits)


@MY_WEIGHTED_GRAD.mistake("That is the gradient of the sum. Divide.")
def weighted_grad_sum(labels, logits, class_weight):
    return weighted_grad(labels, logits, class_weight) * _total(labels, class_weight)


PRICES = {
    "hand-size": [[0.0, 1.0, 1.0], [5.0, 0.0, 2.0], [20.0, 10.0, 0.0]],
    "0-1 costs": [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]],
    "two classes": [[0.0, 1.0], [9.0, 0.0]],
}


def _bills():
    rng = np.random.default_rng(51)
    found = [
        ("a single sample", [[0.9, 0.04, 0.06]], "hand-size"),
        ("hand-size", [[0.9, 0.06, 0.04], [0.6, 0.3, 0.1], [0.98, 0.01, 0.01]], "hand-size"),
        ("0-1 costs", [[0.2, 0.5, 0.3], [0.4, 0.25, 0.35]], "0-1 costs"),
        ("two classes", [[0.8, 0.2], [0.95, 0.05], [0.3, 0.7]], "two classes"),
    ]
    probes = [(kind, np.array(p), np.array(PRICES[name])) for kind, p, name in found]
    for n, classes in ((6, 3), (8, 4), (12, 3)):
        cost = rng.uniform(0, 10, size=(classes, classes)) * (1 - np.eye(classes))
        probes.append(("random", rng.dirichlet(np.ones(classes), size=n), cost))
    return tuple(Probe(kind, {"p": p, "cost": cost}) for kind, p, cost in probes)


BILL_PROBES = _bills()


def cheapest(p, cost):
    return (p @ cost).argmin(axis=1)


CHEAPEST = Function("cheapest", "the cheapest answers", cheapest, BILL_PROBES)
COST_OF_A_MISS = Exercise(
    "5.4",
    2,
    "What a miss costs",
    (CHEAPEST,),
    (
        "For one photo and one answer: what does it cost on average, over the possible truths?",
        "It is the sum over the true classes of probability times cost: a matrix product.",
        "The table has the truth in its rows, so the probabilities multiply it from the left.",
    ),
)


@CHEAPEST.mistake("That is the likeliest class. The costs do not enter.")
def likeliest(p, cost):
    return p.argmax(axis=1)


@CHEAPEST.mistake("The table is read with its axes swapped: its rows are the truth.")
def cheapest_transposed(p, cost):
    return (p @ cost.T).argmin(axis=1)


@CHEAPEST.mistake("Each number is one too large: classes count from 0.")
def counted_from_one(p, cost):
    return cheapest(p, cost) + 1


@CHEAPEST.mistake(
    "Each class was weighted by its dearest miss. What a miss costs depends on what you answer "
    "instead."
)
def weighed_by_dearest(p, cost):
    return (p * cost.max(axis=1)).argmax(axis=1)


@CHEAPEST.mistake("Those are the dearest answers.")
def dearest(p, cost):
    return (p @ cost).argmax(axis=1)


@CHEAPEST.mistake("Those are the costs. Asked for is which answer has the lowest.")
def bills(p, cost):
    return (p @ cost).min(axis=1)


@CHEAPEST.mistake(
    "Each class was weighted by all that missing it can cost. What it costs depends on what you "
    "answer instead."
)
def weighed(p, cost):
    return (p * cost.sum(axis=1)).argmax(axis=1)


def _steps_to(push, goal=0.9):
    """Return how many steps of size one it takes until the true class has reached the goal."""
    z, steps = np.array([0.0, 3.0, 0.0]), 0
    while lu.softmax(z)[0] < goal:
        z, steps = z - push(z), steps + 1
    return steps


def _push_once(z):
    """Return the gradient of the loss from logits."""
    return lu.softmax(z) - np.eye(3)[0]


def _push_twice(z):
    """Return the gradient with one softmax too many."""
    p = lu.softmax(z)
    return (np.diag(p) - np.outer(p, p)) @ _push_once(p)


def _push_without_jacobian(z):
    """Leave out the chain rule through the first softmax."""
    return _push_once(lu.softmax(z))


FLOOR = math.log(1 + 2 / math.e)
TWO_SOFTMAXES = Exercise(
    "5.5",
    3,
    "One softmax too many",
    (
        Number("floor", "the floor of the loss", FLOOR).mistakes(
            (0.0, "That would need probabilities that lead by infinitely many units."),
            (math.log(3), "That is the loss of equal probabilities. How low can it go?"),
            (math.log(1 + 1 / math.e), "That is for two classes. Here there are three."),
            (math.exp(-FLOOR), "That is the best probability. What is its surprise?"),
        ),
        Number("steps_once", "the steps with one softmax", _steps_to(_push_once), 0).mistakes(
            (_steps_to(_push_once, 0.5), "There the cat has a half. Go on to 0.9."),
            (_steps_to(_push_once) - 1, "One short: count the step that arrives, too."),
            (_steps_to(_push_once) + 1, "One too many: stop as soon as it has arrived."),
        ),
        Number("steps_twice", "the steps with two", _steps_to(_push_twice), 0).mistakes(
            (_steps_to(_push_once), "As fast as before? Which z does the loss see?"),
            (
                _steps_to(_push_without_jacobian),
                "The gradient stopped at p. The chain rule leads on through the first softmax.",
            ),
            (_steps_to(_push_twice) - 1, "One short: count the step that arrives, too."),
            (_steps_to(_push_twice) + 1, "One too many: stop once it has arrived."),
        ),
    ),
    (
        "The floor: which probabilities are best, and what is *their* softmax, as logits?",
        "For the steps you need the gradient with respect to z. One softmax: the chapter has it.",
        "Two: the gradient arrives at p, and the Jacobian of the softmax carries it to z.",
    ),
)


TOO_GOOD_A_START = Exercise(
    "5.6",
    3,
    "Too good a start",
    (
        Choice("fault", "the fault", "b").mistakes(
            a="Add up a row of the soft truth: the share s is spread over all classes.",
            c="log_softmax takes the largest logit out first; it holds at a thousand.",
            d="s / C is there already when the rest is added. Print one row.",
        ),
        Number("first_loss", "the first loss", math.log(10) / 10).mistakes(
            (math.log(10), "That is what it *should* print. Call the faulty one."),
            (0.9 * math.log(10) / 10, "Wherever its truth is, equal logits cost the same."),
            (math.log(3) / 3, "That is for three classes. Here there are ten."),
            (1.0, "That is its logarithm to base 10 or so. Run it and read the value."),
        ),
    ),
    (
        "Call it with equal logits. Which value should come out, and which one does?",
        "By which factor is it off with three classes? With ten? What has that size?",
        "Each row of the table has C entries. Over how many numbers is the mean?",
    ),
)


EXERCISES = (
    TWO_PHOTOS,
    SPARSE,
    WEIGHTED_MEAN,
    COST_OF_A_MISS,
    TWO_SOFTMAXES,
    TOO_GOOD_A_START,
)
