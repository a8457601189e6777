"""The course's figures: one style, one color and line style for each loss, small SVG."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

_STYLE_FILE = Path(__file__).with_name("course.mplstyle")
# Where lengths stand. A scale is none: it stays as it is, and so do widths of lines in a style.
_LENGTHS = re.compile(
    r"""(?<=[ ])(?:d|points|viewBox|x|y|width|height)=(?:"[^"]*"|'[^']*')|translate\([^)]*\)"""
)
_LONG = re.compile(r"-?\d+\.\d{3,}")

_BLUE, _ORANGE, _GREEN = "#0B5394", "#C44601", "#00785A"
_PURPLE, _OLIVE, _GRAY = "#8E4585", "#6B5D00", "#444444"

# Every color has a contrast of at least 4.5 : 1 on white, so labels can wear it too; the line
# styles tell the curves apart without color. Losses that never share a figure may share a look.
LOOKS = {
    "0-1": (_GRAY, (0, (1, 1))),
    "MSE": (_BLUE, "-"),
    "MAE": (_ORANGE, (0, (5, 2))),
    "Huber": (_GREEN, (0, (6, 2, 1.5, 2))),
    "log-cosh": (_PURPLE, (0, (1.5, 1.5))),
    "pinball": (_OLIVE, (0, (8, 2))),
    "BCE": (_BLUE, "-"),
    "weighted BCE": (_OLIVE, (0, (8, 2))),
    "focal": (_ORANGE, (0, (5, 2))),
    "cross-entropy": (_BLUE, "-"),
    "weighted cross-entropy": (_OLIVE, (0, (8, 2))),
    "label smoothing": (_PURPLE, (0, (1.5, 1.5))),
    "hinge": (_GREEN, (0, (6, 2, 1.5, 2))),
    "squared hinge": (_PURPLE, (0, (1.5, 1.5))),
    "logistic": (_BLUE, "-"),
    "KL": (_PURPLE, "-"),
    "Dice": (_GREEN, (0, (6, 2, 1.5, 2))),
    "Dice + BCE": (_ORANGE, (0, (5, 2))),
    "contrastive": (_BLUE, "-"),
    "triplet": (_ORANGE, (0, (5, 2))),
    "InfoNCE": (_PURPLE, (0, (1.5, 1.5))),
}


def use_course_style():
    """Switch this session's figures to the course's style: SVG, the same on every machine.

    Call it once, in a notebook's first cell. It changes Matplotlib's settings and the inline
    backend's output format; importing this module changes nothing.
    """
    plt.style.use(_STYLE_FILE)
    # A date or a version number in the file would make the same figure differ from run to run,
    # and digits that nobody can see from machine to machine.
    set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})
    if shell := get_ipython():
        formatter = shell.display_formatter.formatters["image/svg+xml"]
        draw = formatter.lookup_by_type(Figure)
        formatter.for_type(Figure, lambda figure: rounded(draw(figure)))


def look(loss):
    """Return the plot keywords, color and line style, that stand for a loss in every figure.

    Parameters
    ----------
    loss : str
        A key of ``LOOKS``, such as ``"Huber"``.

    Returns
    -------
    dict
        Keywords for ``ax.plot``: ``color`` and ``linestyle``.

    Raises
    ------
    ValueError
        If the loss has no look yet.

    Examples
    --------
    >>> look("MSE")
    {'color': '#0B5394', 'linestyle': '-'}
    """
    if loss not in LOOKS:
        raise ValueError(f"loss must be one of {sorted(LOOKS)}; got {loss!r}")
    color, linestyle = LOOKS[loss]
    return {"color": color, "linestyle": linestyle}


def label_line(line, text, *, at=-1, offset=(6, 0), ha="left", va="center"):
    """Write a curve's name beside it, in its color, instead of in a legend.

    Parameters
    ----------
    line : matplotlib.lines.Line2D
        What ``ax.plot`` returned for one curve.
    text : str
        The name.
    at : int, default -1
        Index of the data point to label; the last one by default.
    offset : tuple of float, default (6, 0)
        Shift from that point, in points.
    ha, va : str
        Alignment, as in Matplotlib.

    Returns
    -------
    matplotlib.text.Annotation
        The label.
    """
    x, y = line.get_xdata()[at], line.get_ydata()[at]
    return line.axes.annotate(
        text,
        (x, y),
        xytext=offset,
        textcoords="offset points",
        color=line.get_color(),
        ha=ha,
        va=va,
        annotation_clip=False,
    )


def plot_loss_and_gradient(
    error, curves, *, xlabel="prediction error  ŷ − y", shifts=None, names=None, label_at=None
):
    """Draw losses above and their gradients below, over the same axis.

    Parameters
    ----------
    error : array_like, shape (n,)
        The horizontal axis.
    curves : dict
        For each loss, by a name in ``LOOKS``: ``(loss values, gradient values)``, each ``(n,)``.
    xlabel : str
        Label of the shared horizontal axis.
    shifts : dict, optional
        For a loss whose labels would cover another's: how far up to move them, in points, as
        ``(in the loss, in the gradient)``.
    names : dict, optional
        For a loss that is called otherwise in this figure: the words of its label.
    label_at : float, optional
        Where on the horizontal axis the labels stand; by default after the end of the curves.

    Returns
    -------
    tuple
        The figure and its two axes (loss, gradient).
    """
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(5.6, 5.2))
    at = -1 if label_at is None else int(np.abs(np.asarray(error) - label_at).argmin())
    for name, (loss, gradient) in curves.items():
        up = (shifts or {}).get(name, (0, 0))
        for axes, values, shift in ((top, loss, up[0]), (bottom, gradient, up[1])):
            (line,) = axes.plot(error, values, **look(name))
            label_line(line, (names or {}).get(name, name), at=at, offset=(6, shift))
    top.set_ylabel("loss")
    bottom.set_ylabel("gradient")
    bottom.set_xlabel(xlabel)
    return figure, (top, bottom)


# --- figures as SVG: the same on every machine, and small -----------------------------------------


def rounded(svg):
    """Return the SVG with its lengths to a hundredth of a point.

    That is finer than any screen. More digits would only store how a processor rounds.
    """
    return _LENGTHS.sub(lambda part: _LONG.sub(_hundredths, part[0]), svg)


def _hundredths(number):
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def small_svg(svg):
    """Return the SVG without what a browser does not need to show it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = rounded(svg)
    svg = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", svg)).strip().replace("DejaVuSans-", "g")
    svg = re.sub(r' d="[^"]*"', lambda m: " d=" + re.sub(r" ?([A-Za-z]) ?", r"\1", m[0][3:]), svg)
    svg = svg.replace('"', "'").replace("; ", ";").replace(": ", ":")
    return _without_empty_groups(svg)


def _without_empty_groups(svg):
    """Return the SVG without the groups that say nothing: they are half of its elements."""
    kept, parts = [], []
    for part in re.split(r"(</?g(?: [^>]*)?>)", svg):
        if part.startswith("<g"):
            kept.append(part != "<g>")
        if part == "<g>" or (part == "</g>" and not kept.pop()):
            continue
        parts.append(part)
    return "".join(parts)
