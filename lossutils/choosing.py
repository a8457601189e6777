"""The decision table as data, and a function that looks a row up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row of the decision table.

    Parameters
    ----------
    task, situation : str
        What is predicted, and what the data are like. Together they name the row.
    loss : str
        The recommended loss, in the words of the book.
    function : tuple of str
        The public names in `lossutils` that compute it, the first choice first.
    use_when, avoid_when : str
        When the loss is the right one, and when it is not.
    chapter : int
        The chapter with the experiment behind the row.
    experiment : str or None
        The label of that page, or None while the chapter is not written.
    """

    task: str
    situation: str
    loss: str
    function: tuple[str, ...]
    use_when: str
    avoid_when: str
    chapter: int
    experiment: str | None = None


_BCE = "binary_cross_entropy_with_logits"
_CCE = "sparse_categorical_cross_entropy_with_logits"
_FOCAL = "focal_loss_with_logits"

# Two lines a row, so that it reads as a table.
# fmt: off
ROWS = (
    Row("regression", "clean, Gaussian errors", "MSE", ("mse_loss",),
        "standard regression", "outliers present", 3, "regression"),
    Row("regression", "outliers", "MAE or Huber", ("mae_loss", "huber_loss"),
        "robust fit", "large errors must be punished", 3, "regression"),
    Row("regression", "some outliers", "Huber", ("huber_loss",),
        "mixed", "purely clean data", 3, "regression"),
    Row("binary", "balanced", "BCE with logits", (_BCE,),
        "standard", "severe imbalance, unless the threshold is moved", 4),
    Row("binary", "imbalanced", "focal, or weighted BCE", (_FOCAL, _BCE),
        "rare positives, many easy negatives", "balanced data; calibrated probabilities needed", 4),
    Row("binary", "margin wanted", "hinge", ("hinge_loss", "squared_hinge_loss"),
        "SVM-style", "probabilities needed", 6),
    Row("multi-class", "balanced", "sparse CCE", (_CCE,),
        "standard", "two classes (use BCE)", 5),
    Row("multi-class", "imbalanced", "weighted CCE or focal", (_CCE, _FOCAL),
        "class weights known", "imbalance unknown", 5),
    Row("multi-class", "many classes", "sparse CCE", (_CCE,),
        "memory", "two classes (use BCE)", 5),
    Row("segmentation", "balanced pixels", "BCE", (_BCE,),
        "object and background cover similar areas", "small objects", 6),
    Row("segmentation", "imbalanced pixels", "Dice or focal", ("dice_loss", _FOCAL),
        "small objects", "plain classification", 6),
    Row("segmentation", "several objects", "Dice + BCE", ("dice_bce_loss",),
        "objects of different sizes", "plain classification", 6),
    Row("similarity", "pairs", "contrastive", ("contrastive_loss",),
        "pairs labelled", "triplets available", 7),
    Row("similarity", "triplets", "triplet", ("triplet_loss",),
        "ranking, faces", "small data sets", 7),
    Row("similarity", "distributions", "KL", ("kl_divergence",),
        "VAE, distillation", "a distance (symmetry) is needed", 6),
)
# fmt: on


def recommend(task, *, situation=None):
    """Look up the recommended loss for a task and a situation.

    Parameters
    ----------
    task : str
        ``"regression"``, ``"binary"``, ``"multi-class"``, ``"segmentation"`` or
        ``"similarity"``.
    situation : str
        What the data are like: a situation of that task in `ROWS`, or the beginning of one
        when no other begins so.

    Returns
    -------
    Row
        The row of the decision table, with the page of the experiment behind it.

    Raises
    ------
    TypeError
        If `task` or `situation` is not a string.
    ValueError
        If there is no such task or situation; the message lists those that exist.

    Examples
    --------
    >>> from lossutils import recommend
    >>> row = recommend("regression", situation="outliers")
    >>> row.loss, row.avoid_when
    ('MAE or Huber', 'large errors must be punished')
    >>> recommend("binary", situation="margin").function
    ('hinge_loss', 'squared_hinge_loss')
    """
    tasks = tuple(dict.fromkeys(row.task for row in ROWS))
    task = _pick("task", task, tasks)
    rows = {row.situation: row for row in ROWS if row.task == task}
    return rows[_pick("situation", situation, tuple(rows))]


def _pick(name, value, allowed):
    """Return the allowed word that `value` spells or begins."""
    listed = ", ".join(map(repr, allowed))
    if value is None:
        raise ValueError(f"{name} must be given, one of {listed}; got None")
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, one of {listed}; got {type(value).__name__}")
    if value in allowed:
        return value
    begun = [word for word in allowed if value and word.startswith(value)]
    if len(begun) != 1:
        raise ValueError(f"{name} must be one of {listed}; got {value!r}")
    return begun[0]
