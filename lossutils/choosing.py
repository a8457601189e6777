"""The decision table as data, and a function that looks a row up."""

import re
from dataclasses import dataclass

_PAGES = dict(enumerate((
    "03_regression", "04_binary_classification", "05_multiclass", "06_specialized",
    "07_metric_learning", "08_choosing",
), start=3))  # fmt: skip


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
    experiment, figure : str or None
        The heading of the section with that experiment, and the label of its figure.
    supported : str
        Did it beat the naive loss on the metric that matters? ``"yes"``, ``"no"``, ``"partly"``
        (under a condition, or something simpler did as well), or ``"untested"``.
    evidence : str
        What the experiment found, in one sentence.
    """

    task: str
    situation: str
    loss: str
    function: tuple[str, ...]
    use_when: str
    avoid_when: str
    chapter: int
    experiment: str | None
    figure: str | None
    supported: str
    evidence: str

    @property
    def link(self):
        """The address of the experiment, from the folder of the chapters; None without one."""
        if self.experiment is None:
            return None
        heading = re.sub(r"[^a-z0-9]+", "-", self.experiment.lower()).strip("-")
        return f"{_PAGES[self.chapter]}.html#{self.figure or heading}"


# What each task predicts: the first question of the decision tree.
TASKS = {
    "regression": "a number",
    "binary": "yes or no",
    "multi-class": "one of several classes",
    "segmentation": "a mask, pixel by pixel",
    "similarity": "what is alike, or how likely",
}

_BCE = "binary_cross_entropy_with_logits"
_CCE = "sparse_categorical_cross_entropy_with_logits"
_FOCAL = "focal_loss_with_logits"
_BOATS = "Boats: BCE against Dice against both"
_SHEEP = "Recall, in two coordinates and in eight"
_WRONG = "When Huber wins: some bad records"

# fmt: off
ROWS = (  # three or four lines a row, so that it reads as a table
    Row("regression", "clean, Gaussian errors", "MSE", ("mse_loss",),
        "standard regression", "outliers present",
        3, "When MSE wins: clean noise", None, "yes",
        "MSE's slopes scatter less than MAE's; Huber with a wide threshold is level with MSE."),
    Row("regression", "outliers", "MAE or Huber", ("mae_loss", "huber_loss"),
        "robust fit", "large errors must be punished",
        3, _WRONG, "fig-robust-fit", "yes",
        "With bad records, the error of MSE grows several-fold, that of MAE and Huber a little."),
    Row("regression", "some outliers", "Huber", ("huber_loss",),
        "mixed", "purely clean data",
        3, _WRONG, "fig-robust-fit", "partly",
        "Far better than MSE, no more accurate than MAE, and level with MSE on clean data: its "
        "gain is that it trains easily."),
    Row("binary", "balanced", "BCE with logits", (_BCE,),
        "standard", "severe imbalance, unless the threshold is moved",
        4, "When BCE wins: a confident wrong start", None, "partly",
        "From a wrong start squared error needs far more steps, and then it is level; from logits, "
        "BCE stays exact where the plain formula breaks."),
    Row("binary", "imbalanced", "focal, or weighted BCE", (_FOCAL, _BCE),
        "rare positives, many easy negatives", "balanced data; calibrated probabilities needed",
        4, "What came out", None, "partly",
        "Plain BCE with a moved threshold does at least as well as a weight, for nothing; focal at "
        "one half finds the fewest positives; its one lead was in training time, and a calm start "
        "of the bias made up for it."),
    Row("binary", "margin wanted", "hinge", ("hinge_loss", "squared_hinge_loss"),
        "SVM-style", "probabilities needed",
        6, "Which points still pull", "fig-pull", "partly",
        "A few points decide and the rest can go, but it is no more accurate than logistic loss."),
    Row("multi-class", "balanced", "sparse CCE", (_CCE,),
        "standard", "two classes (use BCE)",
        5, "When cross-entropy wins: a bad start", "fig-bad-start", "partly",
        "From a bad start it is done in some thirty steps, and squared error was still behind "
        "after three hundred; from zero they are level."),
    Row("multi-class", "imbalanced", "weighted CCE or focal", (_CCE,),
        "class weights known", "imbalance unknown",
        5, "Weights or a shift?", None, "partly",
        "Weights find the rare classes; shifting the plain logits does the same if the model fits "
        "the data, and less if it does not; focal loss is for two classes in this library, and the "
        "book tests it with no more than two."),
    Row("multi-class", "many classes", "sparse CCE", (_CCE,),
        "memory", "soft labels (use CCE)",
        5, "Sparse cross-entropy", None, "yes",
        "The same number from integer labels, in a small part of the memory of one-hot rows."),
    Row("segmentation", "balanced pixels", "BCE", (_BCE,),
        "object and background cover similar areas", "small objects and little training time",
        8, "A mask: rust, much and little", "fig-beside", "partly",
        "Level with Dice or a hair ahead, so there is no reason to leave it."),
    Row("segmentation", "imbalanced pixels", "Dice or focal", ("dice_loss", _FOCAL),
        "small objects", "plain classification",
        6, _BOATS, "fig-boats", "partly",
        "Dice gets there sooner, and BCE catches up with honest probabilities; focal loss on "
        "pixels is not tested."),
    Row("segmentation", "several objects", "Dice + BCE", ("dice_bce_loss",),
        "an early start, less overconfident than Dice", "plain classification",
        6, _BOATS, "fig-boats", "partly",
        "Nearly as early as Dice, and in the end not ahead of BCE by more than the seeds differ; "
        "the number of objects was not varied."),
    Row("similarity", "pairs", "contrastive", ("contrastive_loss",),
        "pairs labeled", "triplets available",
        7, _SHEEP, "fig-recall", "partly",
        "Far ahead of distances between raw inputs; with class labels a classifier does as well, "
        "and whether it is ahead of triplet loss depends on the margins."),
    Row("similarity", "triplets", "triplet", ("triplet_loss",),
        "ranking, faces", "small data sets",
        7, _SHEEP, "fig-recall", "partly",
        "Far ahead of distances between raw inputs; against contrastive loss it is ahead at some "
        "margins and behind at others; semi-hard mining showed no gain."),
    Row("similarity", "distributions", "KL", ("kl_divergence",),
        "VAE, distillation", "a distance (symmetry) is needed",
        6, "When KL wins: learning from a teacher", None, "yes",
        "A student learns far more from a teacher's distributions than from as many labels; on "
        "shares, squared error came close (chapter 8)."),
)
# fmt: on


def recommend(task, *, situation=None):
    """Look up the recommended loss for a task and a situation.

    Parameters
    ----------
    task : str
        One of `TASKS`, such as ``"regression"`` or ``"multi-class"``.
    situation : str
        A situation of that task in `ROWS`, or the beginning of one when no other begins so.

    Returns
    -------
    Row
        The row of the decision table, with the experiment behind it and what it found.

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
    >>> row.link, row.supported
    ('03_regression.html#fig-robust-fit', 'yes')
    """
    rows = {row.situation: row for row in ROWS if row.task == _pick("task", task, tuple(TASKS))}
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
