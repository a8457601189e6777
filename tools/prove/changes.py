"""Small changes of what a notebook stores: one digit, one letter, one coordinate by 0.02 point."""

import copy
import random
import re

from tools.figures import FRAME

RECORD = "application/papermill.record/text/plain"
SVG = "image/svg+xml"
HTML = "text/html"
PATH = re.compile(r""" d=("[^"]*"|'[^']*')""")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
KINDS = {RECORD: "published values", SVG: "figures", HTML: "text outputs"}


def other(char):
    """Return another digit, or another letter."""
    return str((int(char) + 1) % 10) if char.isdigit() else ("b" if char != "b" else "c")


def moved(number):
    """Return a coordinate moved by what can just be noticed."""
    return f"{float(number) + 0.02:.2f}"


def coordinates(text):
    """Return where the coordinates of the curves of a figure stand."""
    return [
        (path.start(1) + n.start(), path.start(1) + n.end())
        for path in PATH.finditer(text)
        for n in NUMBER.finditer(path[1])
    ]


def places(text, mime=""):
    """Return where a text can be changed: at its digits, or else at its last letter."""
    hidden = [m.span() for m in FRAME.finditer(text)] if mime == HTML else []
    found = [m.span() for m in re.finditer(r"[0-9]", text)]
    found = [(i, j) for i, j in found if not any(a <= i < b for a, b in hidden)]
    return found or [m.span() for m in re.finditer(r"[A-Za-z]", text)][-1:]


def parts(output):
    """Yield ``(kind, keys, mime)`` for every text of a stored output; keys lead to the text."""
    if output["output_type"] == "stream":
        yield "text outputs", ("text",), ""
    elif output["output_type"] == "error":
        yield "text outputs", ("evalue",), ""
    for mime in output.get("data", {}):
        if mime == "text/plain" and SVG in output["data"]:
            continue  # "<Figure size ...>", which no page shows
        yield KINDS.get(mime, "text outputs"), ("data", mime), mime


def text_at(output, keys):
    """Return the text that keys lead to."""
    for key in keys:
        output = output[key]
    return output


def changed(outputs, number, keys, text):
    """Return a copy of the outputs with one text replaced."""
    result = list(outputs)
    result[number] = output = copy.deepcopy(outputs[number])
    for key in keys[:-1]:
        output = output[key]
    output[keys[-1]] = text
    return result


def output_changes(outputs, seed, everything=False):
    """Yield ``(kind, description, changed outputs)``: one for each text, or for each digit."""
    for number, output in enumerate(outputs):
        for kind, keys, mime in parts(output):
            text = text_at(output, keys)
            groups = [(kind, places(text, mime), other)] if mime != SVG else []
            if mime in (SVG, HTML):
                groups.append(("figures", coordinates(text), moved))
            for kind, found, change in groups:
                if not everything and found:
                    found = [random.Random(f"{seed} {number} {keys} {text[:99]}").choice(found)]
                for start, end in found:
                    here = text[max(0, start - 12) : end + 8].replace("\n", " ")
                    says = f"{kind[:-1]} {here!r}, {text[start:end]} changed"
                    new = text[:start] + change(text[start:end]) + text[end:]
                    yield kind, says, changed(outputs, number, keys, new)


def prose_changes(text, marker):
    """Yield ``(description, changed text)`` for every digit in front of a marker."""
    for match in marker.finditer(text):
        for digit in re.finditer(r"[0-9]", match["shown"]):
            place = match.start("shown") + digit.start()
            new = text[:place] + other(text[place]) + text[place + 1 :]
            yield f"{match['shown']!r} of {match['name']}", new
