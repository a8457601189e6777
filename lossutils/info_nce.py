"""InfoNCE: pick the matching key among all keys of the batch."""

import numpy as np

from lossutils._embedding import as_embeddings
from lossutils._reduction import gradient_factor, reduce_values
from lossutils._validation import check_reduction, number
from lossutils.stable import log_softmax


def info_nce_loss(queries, keys, *, temperature=0.1, reduction="mean"):
    r"""InfoNCE loss, also called in-batch softmax or contrastive cross-entropy.

    Parameters
    ----------
    queries, keys : array_like of float
        Embeddings of shape (n, d); key i matches query i, the other keys of the batch are its
        negatives. (d,) is a batch of one. They are used as they are: normalize each row
        before the call if cosine similarity is meant.
    temperature : float, default 0.1
        Divides the scores; > 0. A smaller one stresses the nearest negatives.
    reduction : {"mean", "sum", "none"}, default "mean"
        How the losses of the queries are combined.

    Returns
    -------
    float or numpy.ndarray
        The loss in nats, >= 0; for "none" one value for each query. Random embeddings of
        equal scores give log n.

    Raises
    ------
    ValueError
        If an embedding is not finite, the shapes differ, `temperature` is not > 0,
        `reduction` is unknown or a score overflows.
    TypeError
        If an argument is not made of real numbers.

    Notes
    -----
    With the scores :math:`z_{ij} = q_i \cdot k_j / \tau`, it is the cross-entropy of classes
    that are the keys, with the diagonal as truth:

    .. math:: \ell_i = -z_{ii} + \log \sum_j e^{z_{ij}}

    References
    ----------
    van den Oord, Li and Vinyals, "Representation learning with contrastive predictive
    coding", 2018, arXiv:1807.03748.

    Examples
    --------
    >>> from lossutils import info_nce_loss
    >>> e = [[1.0, 0.0], [0.0, 1.0]]
    >>> round(float(info_nce_loss(e, e, temperature=1.0)), 4)  # log(1 + 1/e)
    0.3133
    """
    queries, keys, temperature, shape = _check(queries, keys, temperature, reduction)
    losses = -np.diagonal(_log_probabilities(queries, keys, temperature))
    return reduce_values(losses.reshape(shape)[()], reduction)


def info_nce_loss_grad(queries, keys, *, temperature=0.1, reduction="mean"):
    r"""Gradient of `info_nce_loss` with respect to queries and keys.

    Parameters
    ----------
    queries, keys, temperature, reduction
        As in `info_nce_loss`.

    Returns
    -------
    tuple of numpy.ndarray
        ``(d_queries, d_keys)``, each in the shape of its argument; "none" gives those of
        "sum".

    Raises
    ------
    ValueError, TypeError
        As in `info_nce_loss`.

    Notes
    -----
    With the probabilities :math:`P = \operatorname{softmax}(z)`, row by row:

    .. math:: \frac{\partial}{\partial Q} \sum_i \ell_i = \frac{(P - I) K}{\tau}, \qquad
        \frac{\partial}{\partial K} \sum_i \ell_i = \frac{(P - I)^\top Q}{\tau}

    References
    ----------
    van den Oord, Li and Vinyals, "Representation learning with contrastive predictive
    coding", 2018, arXiv:1807.03748.

    Examples
    --------
    >>> from lossutils import info_nce_loss_grad
    >>> e = [[1.0, 0.0], [0.0, 1.0]]
    >>> d_queries, d_keys = info_nce_loss_grad(e, e, temperature=1.0, reduction="sum")
    >>> d_queries.round(4)  # 1 / (1 + e) away from the wrong key
    array([[-0.2689,  0.2689],
           [ 0.2689, -0.2689]])
    """
    rows, others, temperature, _ = _check(queries, keys, temperature, reduction)
    slope = np.exp(_log_probabilities(rows, others, temperature))
    slope -= np.eye(len(rows), dtype=slope.dtype)
    slope *= gradient_factor(reduction, len(rows))
    with np.errstate(over="ignore", under="ignore"):
        gradients = slope @ others / temperature, slope.T @ rows / temperature
    return tuple(gradient.reshape(np.shape(queries)) for gradient in gradients)


def _check(queries, keys, temperature, reduction):
    check_reduction(reduction)
    (queries, keys), shape = as_embeddings(queries=queries, keys=keys)
    return queries, keys, number("temperature", temperature, "> 0"), shape


def _log_probabilities(queries, keys, temperature):
    """Return log softmax of the scores; row i is about query i."""
    # What overflows is refused below, with a message.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scores = queries @ keys.T / temperature
    if not np.isfinite(scores).all():
        raise ValueError(
            "queries @ keys.T / temperature must be finite; got an overflow with "
            f"temperature={temperature:g}: normalize queries and keys first"
        )
    return log_softmax(scores, axis=-1)
