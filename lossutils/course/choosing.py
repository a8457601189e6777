"""The decision table as data, a function that looks a row up, and the table as tree and lists."""

import re
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

import matplotlib.pyplot as plt


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

    def link(self, pages):
        """Return the address of the experiment; None without one.

        Parameters
        ----------
        pages : dict
            The page of each chapter by its number, as `chapter_pages` finds them.

        Returns
        -------
        str or None
            The address, from the folder of the chapters.
        """
        if self.experiment is None:
            return None
        heading = re.sub(r"[^a-z0-9]+", "-", self.experiment.lower()).strip("-")
        return f"{pages[self.chapter]}#{self.figure or heading}"


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


def chapter_pages(folder="."):
    """Return the page of each chapter by its number, from the book's own notebooks.

    Parameters
    ----------
    folder : str or path-like, default "."
        The folder of the notebooks: for a chapter that runs, its own.

    Returns
    -------
    dict
        Such as ``{1: "01_introduction.html", ...}``.
    """
    return {int(p.name[:2]): f"{p.stem}.html" for p in Path(folder).glob("[0-9][0-9]_*.ipynb")}


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
    >>> from lossutils.course import recommend
    >>> row = recommend("regression", situation="outliers")
    >>> row.loss, row.avoid_when
    ('MAE or Huber', 'large errors must be punished')
    >>> row.link({3: "03_regression.html"}), row.supported
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


# --- the table as a picture, a list and a table --------------------------------------------------

# Mark and color in the tree, and the words beside a row, for each verdict of an experiment.
VERDICTS = {
    "yes": ({"marker": "o", "color": "#00785A"}, "supported by"),
    "partly": (
        {"marker": "o", "color": "#C44601", "fillstyle": "left", "markerfacecoloralt": "white"},
        "partly supported by",
    ),
    "no": ({"marker": "x", "color": "#444444", "mew": 2}, "not supported by"),
    "untested": (
        {"marker": "o", "color": "#444444", "fillstyle": "none"},
        "not tested in this book",
    ),
}
_FIRST = "What do you predict?"
_LINE = 0.21  # inches from one line of text to the next
_WIDTH = 3.9  # inches; a phone shows it nearly at full size


def draw_tree():
    """Draw the decision table as a tree of indented rows, from the top down.

    Returns
    -------
    matplotlib.figure.Figure
        A tall, narrow figure: a line for each task, two lines for each row.
    """
    lines = 3.4 + 1.8 * len(TASKS) + 2.1 * len(ROWS)
    figure, ax = plt.subplots(figsize=(_WIDTH, _LINE * lines))
    ax.set(xlim=(0, _WIDTH), ylim=(lines, 0))
    ax.axis("off")
    ax.text(0.05, 0.6, _FIRST, weight="bold", va="center")
    place = 1.0
    for task, rows in _by_task():
        place += 1.4
        _branch(ax, 0.12, 1.0, place, 0.3)
        ax.text(0.36, place, f"{TASKS[task]}: {task}", weight="bold", va="center", size=10)
        top, place = place + 0.5, place + 0.4
        for row in rows:
            place += 1.05
            _branch(ax, 0.45, top, place, 0.6)
            mark = VERDICTS[row.supported][0]
            ax.plot(0.72, place, ms=8, **mark)
            ax.text(0.9, place, row.situation, va="center", size=10, color="#444444")
            place += 1.05
            ax.text(0.9, place, row.loss, va="center", size=10.5, color="#0B5394", weight="bold")
    place += 1.5
    ax.text(0.1, place, "supported:", va="center", size=10)
    used = [name for name in VERDICTS if any(row.supported == name for row in ROWS)]
    for name, x in zip(used, (1.15, 1.7, 2.55, 3.0), strict=False):
        ax.plot(x, place, ms=8, **VERDICTS[name][0])
        ax.text(x + 0.15, place, name, va="center", size=10)
    return figure


def _by_task():
    return [(task, list(rows)) for task, rows in groupby(ROWS, key=lambda row: row.task)]


def _branch(ax, x, top, y, end):
    """Draw the corner that leads from a branch at `x` down to a row at `y`."""
    ax.plot([x, x, end], [top, y, y], color="#888888", lw=1)


def nested_list():
    """Return the tree as HTML: a list of tasks, each with a list of its rows.

    Returns
    -------
    str
        One ``<ul>``.
    """
    lines = [f"<p>{_FIRST}</p>", "<ul>"]
    for task, rows in _by_task():
        lines += [f"<li><strong>{TASKS[task]}: {task}</strong>", "<ul>"]
        lines += [
            f"<li>{escape(row.situation)} → <strong>{escape(row.loss)}</strong> ({row.supported})"
            "</li>"
            for row in rows
        ]
        lines += ["</ul>", "</li>"]
    return "\n".join([*lines, "</ul>"])


def reference_table(pages):
    """Return the decision table as HTML, each row with its verdict and a link to its experiment.

    Parameters
    ----------
    pages : dict
        The page of each chapter by its number, as `chapter_pages` finds them.

    Returns
    -------
    str
        One ``<table>`` of three columns, for phones: a row's name and what was found stand in
        lines of their own.
    """
    names = ("loss", "use it when", "avoid it when")
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    lines = [f"<table><thead><tr>{heads}</tr></thead>"]
    for row in ROWS:
        texts = (row.loss, row.use_when, row.avoid_when)
        cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
        name = f'<th colspan="3" scope="rowgroup">{row.task}, {escape(row.situation)}</th>'
        found = f'<td colspan="3">{_found(row, pages)}</td>'
        lines.append(f"<tbody><tr>{name}</tr><tr>{cells}</tr><tr>{found}</tr></tbody>")
    return "\n".join([*lines, "</table>"])


def _found(row, pages):
    words = VERDICTS[row.supported][1]
    if row.experiment:
        where = f"chapter {row.chapter}: {escape(row.experiment)}"
        words = f'{words} <a href="{row.link(pages)}">{where}</a>'
    return f"<strong>{words[0].upper()}{words[1:]}</strong>. {escape(row.evidence)}"
