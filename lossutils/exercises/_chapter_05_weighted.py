"""Right and wrong functions for chapter 5's exercise on class weights."""

import numpy as np

import lossutils as lu
from lossutils.exercises._chapter_05_sparse import log_p, one_hot, photos, sparse, sparse_grad
from lossutils.exercises.model import Probe

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
    for place, (kind, y, z, tolerance) in enumerate(photos())
    if len(y) > 1
)


def weighted(labels, logits, class_weight):
    """Return the right value."""
    return lu.sparse_categorical_cross_entropy_with_logits(
        labels, logits, class_weight=class_weight
    )


def weighted_grad(labels, logits, class_weight):
    """Return the right gradient."""
    return lu.sparse_categorical_cross_entropy_with_logits_grad(
        labels, logits, class_weight=class_weight
    )


def _total(labels, class_weight):
    return class_weight[labels].sum()


def weighted_over_n(labels, logits, class_weight):
    """Divide by the number of samples."""
    value = weighted(labels, logits, class_weight)
    return value * _total(labels, class_weight) / len(labels)


def weighted_over_all(labels, logits, class_weight):
    """Divide by the sum of the class weights."""
    value = weighted(labels, logits, class_weight)
    return value * _total(labels, class_weight) / class_weight.sum()


def weighted_sum(labels, logits, class_weight):
    """Divide by nothing."""
    return weighted(labels, logits, class_weight) * _total(labels, class_weight)


def weighted_plain(labels, logits, class_weight):
    """Ignore the weights."""
    return sparse(labels, logits)


def weighted_twice(labels, logits, class_weight):
    """Divide by the sum of weights and by n."""
    return weighted(labels, logits, class_weight) / len(labels)


def weighted_grad_over_n(labels, logits, class_weight):
    """Divide by the number of samples."""
    value = weighted_grad(labels, logits, class_weight)
    return value * _total(labels, class_weight) / len(labels)


def weighted_grad_columns(labels, logits, class_weight):
    """Weight the columns in the place of the rows."""
    push = np.exp(log_p(logits)) - one_hot(labels, logits)
    return class_weight * push / _total(labels, class_weight)


def weighted_grad_truth(labels, logits, class_weight):
    """Weight the truth alone."""
    p, total = np.exp(log_p(logits)), _total(labels, class_weight)
    return (p - class_weight[labels][:, None] * one_hot(labels, logits)) / total


def weighted_grad_plain(labels, logits, class_weight):
    """Ignore the weights."""
    return sparse_grad(labels, logits)


def weighted_grad_sum(labels, logits, class_weight):
    """Divide by nothing."""
    return weighted_grad(labels, logits, class_weight) * _total(labels, class_weight)
