"""The decision table as a tree, as a nested list and as a table, all made from `ROWS`."""

from html import escape
from itertools import groupby

import matplotlib.pyplot as plt

from lossutils.choosing import ROWS, TASKS

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


def reference_table():
    """Return the decision table as HTML, each row with its verdict and a link to its experiment.

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
        found = f'<td colspan="3">{_found(row)}</td>'
        lines.append(f"<tbody><tr>{name}</tr><tr>{cells}</tr><tr>{found}</tr></tbody>")
    return "\n".join([*lines, "</table>"])


def _found(row):
    words = VERDICTS[row.supported][1]
    if row.link:
        where = f"chapter {row.chapter}: {escape(row.experiment)}"
        words = f'{words} <a href="{row.link}">{where}</a>'
    return f"<strong>{words[0].upper()}{words[1:]}</strong>. {escape(row.evidence)}"
