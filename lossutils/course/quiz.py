"""A self-test question that needs no script: each option opens and says why it is right or wrong.

The options are `<details>` elements. They work with keyboard and screen reader, in the page, in
Jupyter and in Colab, and the same question gives the same bytes on every run.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from numbers import Integral

from IPython.display import display

_LETTERS = "ABCD"


@dataclass(frozen=True)
class Option:
    """One answer to choose, made by `right` or `wrong`."""

    text: str
    why: str
    is_right: bool


def right(text, why):
    """Make the option that is right.

    Parameters
    ----------
    text : str
        The answer as the reader sees it.
    why : str
        What makes it right.

    Returns
    -------
    Option
        For the list that `question` takes.
    """
    return Option(text, why, True)


def wrong(text, why):
    """Make an option that is wrong.

    Parameters
    ----------
    text : str
        The answer as the reader sees it.
    why : str
        Which idea leads to it, and where that idea goes wrong.

    Returns
    -------
    Option
        For the list that `question` takes.
    """
    return Option(text, why, False)


def question(prompt, options, *, number=None):
    """Show a multiple-choice question below the running cell.

    Texts are plain, with two marks: ```code``` between backticks and ``*emphasis*`` between
    asterisks. Write formulas in Unicode (``2e/n``, ``ŷ − y``): the page typesets no formula in
    a cell's output.

    Parameters
    ----------
    prompt : str
        The question.
    options : list of Option
        Three or four, made by `right` and `wrong`; exactly one is right.
    number : int, optional
        Shown in front of the prompt.

    Raises
    ------
    TypeError
        If a text is not a string, an option is not made by `right` or `wrong`, or `number` is
        not an integer.
    ValueError
        If a text is empty, two options read the same, the number of options or of right ones is
        not allowed, or `number` is below 1.

    Examples
    --------
    >>> from lossutils.course import question, right, wrong
    >>> options = [right("4", "Twice two."), wrong("2", "Once two."), wrong("8", "Four times two.")]
    >>> question("What is 2 × 2?", options)  # doctest: +SKIP
    """
    _check_text("prompt", prompt)
    options = list(options)
    _check_options(options)
    if number is not None:
        if isinstance(number, bool) or not isinstance(number, Integral):
            raise TypeError(f"number must be an integer; got {type(number).__name__}")
        if number < 1:
            raise ValueError(f"number must be 1 or more; got {number}")
    display(
        {
            "text/html": _html(prompt, options, number),
            "text/plain": _plain(prompt, options, number),
        },
        raw=True,
    )


def _check_text(name, text):
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a string; got {type(text).__name__}")
    if not text.strip():
        raise ValueError(f"{name} must not be empty")


def _check_options(options):
    if len(options) not in (3, 4):
        raise ValueError(f"options must hold 3 or 4 options; got {len(options)}")
    seen = {}
    for index, option in enumerate(options):
        name = f"options[{index}]"
        if not isinstance(option, Option):
            raise TypeError(
                f"{name} must be made by right(text, why) or wrong(text, why); "
                f"got {type(option).__name__}"
            )
        _check_text(f"{name}.text", option.text)
        _check_text(f"{name}.why", option.why)
        # Computed numbers can coincide once they are rounded; then two answers would be right.
        if option.text in seen:
            raise ValueError(f"options must differ; {seen[option.text]} and {name} read the same")
        seen[option.text] = name
    n_right = sum(option.is_right for option in options)
    if n_right != 1:
        raise ValueError(f"options must hold exactly one right option; got {n_right}")


def _title(number):
    return "Question" if number is None else f"Question {number}"


def _html(prompt, options, number):
    # A page may not use an id twice, and a random one would differ on every run.
    label = "quiz-" + sha256(f"{number} {prompt}".encode()).hexdigest()[:10]
    lines = [
        f'<div class="quiz" role="group" aria-labelledby="{label}">',
        f'<p class="quiz__prompt" id="{label}"><strong>{_title(number)}.</strong> '
        f"{_inline(prompt)}</p>",
    ]
    for letter, option in zip(_LETTERS, options, strict=False):
        verdict = "Right" if option.is_right else "Not this one"
        kind = "right" if option.is_right else "wrong"
        lines += [
            f'<details class="quiz__option quiz__option--{kind}">',
            f"<summary><b>{letter}</b>&ensp;{_inline(option.text)}</summary>",
            f'<p style="margin-left:1.5em"><strong>{verdict}.</strong> {_inline(option.why)}</p>',
            "</details>",
        ]
    answer = next(
        letter for letter, option in zip(_LETTERS, options, strict=False) if option.is_right
    )
    # The site's print style shows this line, upside down: on paper nothing can be opened.
    lines += [f'<p class="quiz__key" style="display:none">Answer: {answer}</p>', "</div>"]
    return "\n".join(lines)


def _plain(prompt, options, number):
    lines = [f"{_title(number)}. {prompt}"]
    lines += [
        f"  {letter}  {option.text}" for letter, option in zip(_LETTERS, options, strict=False)
    ]
    return "\n".join(lines)


def _inline(text):
    """Return text as HTML: escaped, with code and emphasis marked up."""
    parts = re.split(r"`([^`]+)`", text)
    for index, part in enumerate(parts):
        safe = escape(part, quote=False)
        if index % 2:
            safe = f"<code>{safe}</code>"
        else:
            safe = re.sub(r"\*(?=\S)([^*]+)(?<=\S)\*", r"<em>\1</em>", safe)
        # Jupyter takes "$10 and $50" for a formula, unless an element ends each text.
        parts[index] = safe.replace("$", "<span>$</span>")
    return "".join(parts)
