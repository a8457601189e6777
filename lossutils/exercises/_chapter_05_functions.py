"""Chapter 5's exercises that ask for a loss and its gradient."""

from lossutils.exercises import _chapter_05_sparse as s
from lossutils.exercises import _chapter_05_weighted as w
from lossutils.exercises.model import Exercise, Function, Wrong

SPARSE = Exercise(
    "5.2",
    2,
    "Without a one-hot row",
    (
        Function("my_sparse", "value", s.sparse, s.SPARSE_PROBES),
        Function("my_sparse_grad", "gradient", s.sparse_grad, s.SPARSE_PROBES),
    ),
    (
        "Derive first: the loss of a row is its log-sum-exp minus one logit. Which one?",
        "To read another column in each row, index with two lists: row numbers and labels.",
        "Subtract each row's largest logit before the exponential. The gradient is the "
        "softmax, less one at the label's place, and divided by n.",
    ),
    (
        Wrong(
            0,
            s.sparse_naive,
            "The formula is right, and e to the thousand is too large for the computer. "
            "Subtract the largest logit of each row first.",
        ),
        Wrong(
            0,
            s.sparse_log_of_softmax,
            "The softmax is safe, its logarithm is not: a probability far behind is rounded to "
            "zero. Take the log-sum-exp minus the true logit instead.",
        ),
        Wrong(
            0,
            s.sparse_naive_lse,
            "The formula is right, and e to the thousand is too large for the computer. "
            "Subtract the largest logit of each row first.",
        ),
        Wrong(0, s.sparse_sum, "That is the sum over the samples. Take the mean."),
        Wrong(0, s.sparse_over_classes, "The mean is over samples: divide by n, not n times C."),
        Wrong(0, s.sparse_only_score, "That is the true logit alone; its log-sum-exp is missing."),
        Wrong(
            0,
            s.sparse_pairs,
            "Every row is read at every label: with a colon in front, the labels choose whole "
            "columns. Give the row numbers as well.",
        ),
        Wrong(0, s.sparse_first, "Every row is read at its first column. Where do labels enter?"),
        Wrong(0, s.sparse_no_log, "That is the mean probability with a minus, without its log."),
        Wrong(0, s.sparse_flipped, "The sign is flipped: surprise is positive."),
        Wrong(1, s.sparse_grad_sum, "It is n times too large: the mean's 1/n is missing."),
        Wrong(
            1,
            s.sparse_grad_naive,
            "Right for small logits. e to the thousand is too large for the computer: subtract "
            "the largest logit of each row first.",
        ),
        Wrong(1, s.sparse_grad_axis, "The softmax runs down the columns. Its sum is over axis 1."),
        Wrong(1, s.sparse_grad_softmax, "That is the softmax over n; no one was subtracted."),
        Wrong(
            1,
            s.sparse_grad_columns,
            "One was subtracted in whole columns: with a colon in front, the labels choose "
            "columns. Give the row numbers as well.",
        ),
        Wrong(1, s.sparse_grad_flipped, "The sign is flipped: it is prediction minus truth."),
        Wrong(
            1,
            s.sparse_grad_of_p,
            "That is the gradient with respect to the probabilities. Asked for are the logits.",
        ),
    ),
)

WEIGHTED = Exercise(
    "5.3",
    2,
    "A weighted mean",
    (
        Function("my_weighted", "value", w.weighted, w.WEIGHTED_PROBES),
        Function("my_weighted_grad", "gradient", w.weighted_grad, w.WEIGHTED_PROBES),
    ),
    (
        "First give every sample its weight: index the weights with the labels.",
        "The divisor is the sum of the samples' weights, not their number.",
        "In the gradient, the weight of a sample multiplies its whole row.",
    ),
    (
        Wrong(0, w.weighted_over_n, "That is divided by n. Divide by the samples' weights."),
        Wrong(
            0,
            w.weighted_over_all,
            "That is divided by the weights of the classes. Each *sample* brings its weight.",
        ),
        Wrong(0, w.weighted_sum, "That is the weighted sum. The division is missing."),
        Wrong(0, w.weighted_plain, "That is the plain mean: the weights do not enter."),
        Wrong(0, w.weighted_twice, "It is divided twice: by the sum of weights, and by n."),
        Wrong(1, w.weighted_grad_over_n, "That is divided by n, not by the samples' weights."),
        Wrong(
            1,
            w.weighted_grad_columns,
            "Column c was multiplied by the weight of class c. The weight is that of the "
            "sample's true class, for all columns of its row.",
        ),
        Wrong(
            1,
            w.weighted_grad_truth,
            "Only the truth was weighted. The weight multiplies all of prediction minus truth.",
        ),
        Wrong(1, w.weighted_grad_plain, "That is the plain gradient: the weights do not enter."),
        Wrong(1, w.weighted_grad_sum, "That is the gradient of the sum. Divide."),
    ),
)
