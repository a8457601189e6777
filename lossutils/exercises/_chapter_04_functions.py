"""Right and wrong functions for the exercises of chapter 4."""

import numpy as np

import lossutils as lu


def _arrays(*values):
    return [np.asarray(value, dtype=float) for value in values]


def bce(y_true, p_pred):
    """Return the right value of BCE."""
    return lu.binary_cross_entropy(y_true, p_pred)


def bce_swapped(y_true, p_pred):
    """Swap the two branches."""
    y, p = _arrays(y_true, p_pred)
    return -np.mean(np.where(y == 1, np.log(1 - p), np.log(p)))


def bce_positives(y_true, p_pred):
    """Charge the positives alone."""
    y, p = _arrays(y_true, p_pred)
    return -np.mean(y * np.log(p))


def bce_one_branch(y_true, p_pred):
    """Charge every sample as a positive."""
    return -np.mean(np.log(np.asarray(p_pred, dtype=float)) + 0 * np.asarray(y_true))


def bce_flipped(y_true, p_pred):
    """Forget the minus sign."""
    return -lu.binary_cross_entropy(y_true, p_pred)


def bce_sum(y_true, p_pred):
    """Take the sum."""
    return lu.binary_cross_entropy(y_true, p_pred, reduction="sum")


def focal(y_true, p_pred, alpha, gamma):
    """Return the right value of focal loss."""
    return lu.focal_loss(y_true, p_pred, alpha=alpha, gamma=gamma)


def focal_one_alpha(y_true, p_pred, alpha, gamma):
    """Put alpha on both classes."""
    return alpha * lu.focal_loss(y_true, p_pred, alpha=None, gamma=gamma)


def focal_no_alpha(y_true, p_pred, alpha, gamma):
    """Leave the class weight out."""
    return lu.focal_loss(y_true, p_pred, alpha=None, gamma=gamma)


def focal_alpha_turned(y_true, p_pred, alpha, gamma):
    """Put alpha on the negatives."""
    return lu.focal_loss(y_true, p_pred, alpha=1 - alpha, gamma=gamma)


def focal_fading_turned(y_true, p_pred, alpha, gamma):
    """Fade the hard samples."""
    y, p = _arrays(y_true, p_pred)
    p_t, alpha_t = np.where(y == 1, p, 1 - p), np.where(y == 1, alpha, 1 - alpha)
    return -np.mean(alpha_t * p_t**gamma * np.log(p_t))


def focal_sum(y_true, p_pred, alpha, gamma):
    """Take the sum."""
    return lu.focal_loss(y_true, p_pred, alpha=alpha, gamma=gamma, reduction="sum")


def threshold(costs):
    """Return the right threshold for a cost matrix."""
    alarm, miss = costs[0][1] - costs[0][0], costs[1][0] - costs[1][1]
    return alarm / (alarm + miss)


def threshold_odds(costs):
    """Give the odds."""
    return (costs[0][1] - costs[0][0]) / (costs[1][0] - costs[1][1])


def threshold_turned(costs):
    """Swap the two mistakes."""
    return 1 - threshold(costs)


def threshold_mistakes(costs):
    """Leave out what the right decisions cost."""
    return costs[0][1] / (costs[0][1] + costs[1][0])


def threshold_half(costs):
    """Do not look at the costs."""
    return 0.5 + 0 * costs[0][0]


def unweighted(p_weighted, weight):
    """Return the right probability behind a weighted one."""
    p = np.asarray(p_weighted, dtype=float)
    return p / (p + weight * (1 - p))


def unweighted_divided(p_weighted, weight):
    """Divide the probability instead of the odds."""
    return np.asarray(p_weighted, dtype=float) / weight


def unweighted_again(p_weighted, weight):
    """Weight a second time."""
    return unweighted(p_weighted, 1 / weight)


def unweighted_odds(p_weighted, weight):
    """Stop at the odds."""
    p = np.asarray(p_weighted, dtype=float)
    return p / (1 - p) / weight
