"""An interactive figure without a server: every frame is drawn beforehand, a slider picks one.

Each frame is an SVG inside the output itself, so nothing is loaded, and a check of the notebook
compares every frame. Without script the start frame shows, with all frames' numbers in a table.
"""

import io
import re
from html import escape
from numbers import Integral

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

from lossutils.course.figures import small_svg

MOST_FRAMES = 14
MOST_BYTES = 25_000  # of one frame, as it stands in the page

# The same figure must give the same bytes, and all frames must have the same size.
_RC = {
    "svg.hashsalt": "understanding-loss-functions",
    "svg.fonttype": "path",
    "savefig.bbox": None,
}
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}

# Finds its own slider from the script element, so a page can hold several. The images were lazy
# (the site makes them so); a frame that is fetched when it is shown would flicker.
_SCRIPT = (
    '(s=>{const r=s.closest(".frames"),i=r.querySelector("input"),'
    'm=[...r.querySelectorAll("img")];'
    'm.forEach(e=>{e.loading="eager";e.decoding="sync"});'
    'i.oninput=()=>{m.forEach((e,k)=>e.style.display=k==i.value?"block":"none");'
    "const d=m[i.value].dataset;"
    'r.querySelector("output").value=d.text;i.setAttribute("aria-valuetext",d.value)};'
    'i.closest("p").style.display=""})(document.currentScript)'
)


def slider(label, frames, *, start=0):
    """Show a row of figures as one, with a slider to choose among them.

    Parameters
    ----------
    label : str
        What the slider changes, with its unit: ``"Threshold δ in degrees"``.
    frames : list of tuple
        2 to 14 of ``(value, figure, alt)`` or ``(value, figure, alt, numbers)``: the slider's
        value as text; a Matplotlib figure, or a function without arguments that returns one;
        what the figure shows, in words; and its key numbers as ``{name: text}``, with the same
        names in every frame. All figures have one size. They are closed when they are drawn.
    start : int, default 0
        Index of the frame that shows first.

    Raises
    ------
    TypeError
        If an argument, or a part of a frame, has the wrong type.
    ValueError
        If a text is empty, a value occurs twice, the names of the numbers or the sizes of the
        figures differ, a frame is larger than 25 KB, or `frames` or `start` is out of range.

    Examples
    --------
    >>> from lossutils.course import slider
    >>> frames = [("1", draw_one, "a line that rises"), ("2", draw_two, "a line that falls")]
    ... # doctest: +SKIP
    >>> slider("Learning rate", frames)  # doctest: +SKIP
    """
    _check_text("label", label)
    frames = [_whole(index, frame) for index, frame in enumerate(frames)]
    if not 2 <= len(frames) <= MOST_FRAMES:
        raise ValueError(f"frames must hold 2 to {MOST_FRAMES} frames; got {len(frames)}")
    if isinstance(start, bool) or not isinstance(start, Integral):
        raise TypeError(f"start must be an integer; got {type(start).__name__}")
    if not 0 <= start < len(frames):
        raise ValueError(f"start must lie in 0 to {len(frames) - 1}; got {start}")
    _check_alike(frames)
    images = [_draw(f"frames[{index}]", figure) for index, (_, figure, _, _) in enumerate(frames)]
    sizes = {size for _, size in images}
    if len(sizes) > 1:
        raise ValueError(f"frames must have figures of one size; got {sorted(sizes)}")
    summary = f"{label}: {len(frames)} frames, from {frames[0][0]} to {frames[-1][0]}"
    display({"text/html": _html(label, frames, images, start), "text/plain": summary}, raw=True)


def _check_text(name, text):
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a string; got {type(text).__name__}")
    if not text.strip():
        raise ValueError(f"{name} must not be empty")


def _whole(index, frame):
    """Return the four parts of a frame, checked."""
    name = f"frames[{index}]"
    if not isinstance(frame, tuple) or len(frame) not in (3, 4):
        raise TypeError(f"{name} must be a tuple (value, figure, alt) or (..., numbers)")
    value, figure, alt, numbers = (*frame, {})[:4]
    _check_text(f"{name} value", value)
    _check_text(f"{name} alt", alt)
    if not isinstance(figure, Figure) and not callable(figure):
        raise TypeError(
            f"{name} figure must be a Matplotlib figure or a function that returns one; "
            f"got {type(figure).__name__}"
        )
    if not isinstance(numbers, dict):
        raise TypeError(f"{name} numbers must be a dict; got {type(numbers).__name__}")
    for key, text in numbers.items():
        _check_text(f"{name} name of a number", key)
        _check_text(f"{name} number {key!r}", text)
    return value, figure, alt, numbers


def _check_alike(frames):
    values = [value for value, *_ in frames]
    if len(set(values)) < len(values):
        raise ValueError(f"frames must have different values; got {values}")
    names = [list(numbers) for *_, numbers in frames]
    if any(other != names[0] for other in names):
        raise ValueError(f"frames must all have the same numbers; got {names}")


def _draw(name, figure):
    """Return a figure as a data URI, with its width and height in CSS pixels."""
    if not isinstance(figure, Figure):
        figure = figure()
        if not isinstance(figure, Figure):
            raise TypeError(f"{name} function must return a figure; got {type(figure).__name__}")
    file = io.StringIO()
    with plt.rc_context(_RC):
        figure.savefig(file, format="svg", metadata=_METADATA)
    plt.close(figure)  # or Jupyter would show it once more, below the slider
    svg = small_svg(file.getvalue())
    uri = "data:image/svg+xml," + re.sub(r'[%#<>&"]', lambda m: f"%{ord(m[0]):02X}", svg)
    if len(uri) > MOST_BYTES:
        raise ValueError(
            f"{name} takes {len(uri)} bytes, more than {MOST_BYTES}: draw fewer points"
        )
    width, height = re.search(r"width='([\d.]+)pt' height='([\d.]+)pt'", svg).groups()
    return uri, (round(float(width) * 4 / 3), round(float(height) * 4 / 3))


def _html(label, frames, images, start):
    text = [
        "; ".join([value, *(f"{key} {number}" for key, number in numbers.items())])
        for value, _, _, numbers in frames
    ]
    lines = [
        '<div class="frames">',
        '<p class="frames__control" style="display:none"><label>'
        f'<span class="frames__label">{escape(label)}</span> '
        f'<input type="range" min="0" max="{len(frames) - 1}" step="1" value="{start}" '
        f'autocomplete="off" aria-valuetext="{escape(frames[start][0])}" '
        # Without it, JupyterLab takes the arrow keys for commands of its own.
        'data-lm-suppress-shortcuts="true"></label></p>',
        f'<p class="frames__value"><output aria-live="polite">{escape(text[start])}</output></p>',
    ]
    for index, ((value, _, alt, _), (uri, (width, height))) in enumerate(
        zip(frames, images, strict=True)
    ):
        shown = "block" if index == start else "none"
        lines.append(
            f'<img src="{uri}" width="{width}" height="{height}" alt="{escape(alt)}" '
            f'data-value="{escape(value)}" data-text="{escape(text[index])}" '
            f'style="display:{shown};max-width:100%;height:auto">'
        )
    lines += [*_table(label, frames), f"<script>{_SCRIPT}</script>", "</div>"]
    return "\n".join(lines)


def _table(label, frames):
    names = list(frames[0][3]) or ["what the figure shows"]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in [label, *names])
    lines = [
        '<details class="frames__table"><summary>All frames as a table</summary>',
        f"<table><thead><tr>{head}</tr></thead><tbody>",
    ]
    for value, _, alt, numbers in frames:
        cells = "".join(f"<td>{escape(text)}</td>" for text in list(numbers.values()) or [alt])
        lines.append(f'<tr><th scope="row">{escape(value)}</th>{cells}</tr>')
    return [*lines, "</tbody></table></details>"]
