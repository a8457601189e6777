"""What the README says about the proof: one paragraph, written from the figures of a run."""

import json
import re

from tools.prove.record import ROOT

README = ROOT / "README.md"
FIGURES = ROOT / "docs" / "proof.json"
BLOCK = re.compile(r"(?s)(<!-- proof -->\n).*?(\n<!-- /proof -->)")
OPENING = "`make prove` breaks the book on purpose, in copies, and sees that the checks notice."
CLOSING = (
    "What nothing notices must be on [a list with reasons](tools/prove/survivors.toml), or the "
    "proof fails."
)
# What the parts are called in a sentence; a part that was not run is left out.
WORDS = {
    "notebooks": "{caught} of {tried} changes of one digit or coordinate of a stored output, a "
    "figure, a published value or a number in a sentence were caught",
    "mutants": "{caught} of {tried} mutants of `lossutils` were killed by its tests",
    "exercises": "{caught} of {tried} wrong variants of the solutions were rejected by the checks "
    "of the exercises",
    "gates": "{caught} of {tried} faults (a deleted alt text, a leaked solution, an external "
    "script, an overfull slide ...) turned the test red that guards against them",
    "portability": "{caught} of {tried} cells printed and drew the same with two threads, another "
    "hash seed and the instructions of an older processor",
}


def sentence(text, figures):
    """Return what one part found; what survived is on the list, or nothing would be saved."""
    caught, tried = (sum(figures[key].values()) for key in ("caught", "tried"))
    others = {0: "", 1: ", and the other one is on the list"}
    rest = others.get(tried - caught, f", and the other {tried - caught} are on the list")
    return text.format(caught=caught, tried=tried) + rest


def paragraph(figures):
    """Return the paragraph for the figures of a run."""
    said = [sentence(text, figures[part]) for part, text in WORDS.items() if part in figures]
    measured = [f"The last saved run of each part: {'; '.join(said)}."] if said else []
    return " ".join([OPENING, *measured, CLOSING])


def written(text, figures):
    """Return the README's text with the paragraph."""
    return BLOCK.sub(lambda m: f"{m[1]}{paragraph(figures)}{m[2]}", text)


def load():
    """Return the figures of the last run that was saved."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def update():
    """Write the paragraph into the README."""
    text = README.read_text(encoding="utf-8")
    README.write_text(written(text, load()), encoding="utf-8")
