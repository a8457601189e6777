"""Small changes of what a notebook stores: one digit, one coordinate, one letter."""

import copy
import random
import re

RECORD = "application/papermill.record/text/plain"
SVG = "image/svg+xml"
PATH = re.compile(r' d="([^"]*)"')
KINDS = {RECORD: "published values", SVG: "figures", "text/html": "text outputs"}


def other(char):
    """Return another digit, or another letter."""
    return str((int(char) + 1) % 10) if char.isdigit() else ("b" if char != "b" else "c")


def replaced(text, place):
    """Return the text with the character at a place changed."""
    return text[:place] + other(text[place]) + text[place + 1 :]


def places(text, mime=""):
    """Return where a text can be changed: at its digits; in a figure, those of its curves."""
    if mime == SVG:
        paths = [m.span(1) for m in PATH.finditer(text)]
        return [i for a, b in paths for i in range(a, b) if text[i].isdigit()]
    digits = [m.start() for m in re.finditer(r"[0-9]", text)]
    return digits or [m.start() for m in re.finditer(r"[A-Za-z]", text)][-1:]


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
            found = places(text, mime)
            if not everything and found:
                found = [random.Random(f"{seed} {number} {keys} {text[:99]}").choice(found)]
            for place in found:
                here = text[max(0, place - 12) : place + 8].replace("\n", " ")
                says = f"{kind[:-1]} {here!r}, {text[place]} changed"
                yield kind, says, changed(outputs, number, keys, replaced(text, place))


def prose_changes(text, marker):
    """Yield ``(description, changed text)`` for every digit in front of a marker."""
    for match in marker.finditer(text):
        for digit in re.finditer(r"[0-9]", match["shown"]):
            place = match.start("shown") + digit.start()
            yield f"{match['shown']!r} of {match['name']}", replaced(text, place)
