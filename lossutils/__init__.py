"""Loss functions and their gradients in NumPy, written to be read.

Every loss takes the truth, then the prediction; knobs are keyword-only; ``reduction`` is
"mean", "sum" or "none". Every ``f`` has an ``f_grad`` with the same arguments: the derivative
of the reduced value with respect to the prediction.
"""

from lossutils.binary import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    focal_loss,
    focal_loss_grad,
    focal_loss_with_logits,
    focal_loss_with_logits_grad,
)
from lossutils.checking import assert_gradient_matches, numerical_gradient
from lossutils.divergence import kl_divergence, kl_divergence_grad
from lossutils.margin import (
    hinge_loss,
    hinge_loss_grad,
    squared_hinge_loss,
    squared_hinge_loss_grad,
)
from lossutils.metric_learning import (
    contrastive_loss,
    contrastive_loss_grad,
    info_nce_loss,
    info_nce_loss_grad,
    triplet_loss,
    triplet_loss_grad,
)
from lossutils.multiclass import (
    categorical_cross_entropy,
    categorical_cross_entropy_grad,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_grad,
    sparse_categorical_cross_entropy,
    sparse_categorical_cross_entropy_grad,
    sparse_categorical_cross_entropy_with_logits,
    sparse_categorical_cross_entropy_with_logits_grad,
)
from lossutils.regression import (
    huber_loss,
    huber_loss_grad,
    log_cosh_loss,
    log_cosh_loss_grad,
    mae_loss,
    mae_loss_grad,
    mse_loss,
    mse_loss_grad,
    pinball_loss,
    pinball_loss_grad,
)
from lossutils.segmentation import dice_bce_loss, dice_bce_loss_grad, dice_loss, dice_loss_grad
from lossutils.stable import log_sigmoid, log_softmax, logsumexp, sigmoid, softmax, softplus, xlogy

__all__ = [
    "assert_gradient_matches",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_grad",
    "categorical_cross_entropy",
    "categorical_cross_entropy_grad",
    "categorical_cross_entropy_with_logits",
    "categorical_cross_entropy_with_logits_grad",
    "contrastive_loss",
    "contrastive_loss_grad",
    "dice_bce_loss",
    "dice_bce_loss_grad",
    "dice_loss",
    "dice_loss_grad",
    "focal_loss",
    "focal_loss_grad",
    "focal_loss_with_logits",
    "focal_loss_with_logits_grad",
    "hinge_loss",
    "hinge_loss_grad",
    "huber_loss",
    "huber_loss_grad",
    "info_nce_loss",
    "info_nce_loss_grad",
    "kl_divergence",
    "kl_divergence_grad",
    "log_cosh_loss",
    "log_cosh_loss_grad",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "mae_loss",
    "mae_loss_grad",
    "mse_loss",
    "mse_loss_grad",
    "numerical_gradient",
    "pinball_loss",
    "pinball_loss_grad",
    "sigmoid",
    "softmax",
    "softplus",
    "sparse_categorical_cross_entropy",
    "sparse_categorical_cross_entropy_grad",
    "sparse_categorical_cross_entropy_with_logits",
    "sparse_categorical_cross_entropy_with_logits_grad",
    "squared_hinge_loss",
    "squared_hinge_loss_grad",
    "triplet_loss",
    "triplet_loss_grad",
    "xlogy",
]
