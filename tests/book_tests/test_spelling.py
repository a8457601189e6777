"""One spelling for all texts: American."""

import json
import re

import pytest

from tools.book import BOOK, load

ENDINGS = r"(?:s|d|r|rs|ed|ing|al|ally|able)?"
BRITISH = re.compile(
    r"\b(?:"
    r"for ever|any more(?= *[.,;:!?)])|whilst|amongst"
    r"|(?:to|up|down|in|out|back|for)wards"
    rf"|(?:un)?(?:colou|behaviou|favou|neighbou|honou|labou|humou|rumou)r{ENDINGS}"
    r"|(?:neighbou|favou)r(?:hood|ite)s?"
    rf"|(?:cent|met|kilomet|lit)re{ENDINGS}"
    r"|(?:un|mis)?(?:labell|modell|travell|cancell|signall|channell|levell)(?:ed|ing)"
    r"|(?:optim|minim|maxim|normal|general|regular|initial|recogn|standard|summar|penal|visual"
    r"|special|organ|emphas|real|character|categor|memor|final)is(?:e|es|ed|er|ers|ing|ation)"
    r"|analys(?:e|es|ed|ing)|grey|learnt|spelt|burnt|defence|licence|programme|sceptic\w*|artefacts?"
    r"|judgement|catalogue|kerb|tyres?|maths|ageing|cheques?|fulfil|skilful"
    r")\b",
    re.IGNORECASE,
)
TITLES = re.compile("Generalised Dice overlap")  # a paper's own spelling
TEXTS = sorted(
    [
        *BOOK.glob("*.ipynb"),
        *BOOK.glob("*.md"),
        *(BOOK / "slides").glob("*.md"),
        *(BOOK.parent / "lossutils").rglob("*.py"),
        *(BOOK.parent / name for name in ("README.md", "CONTRIBUTING.md")),
    ]
)


def text_of(path):
    """Return what an author wrote: sources, captions and alt texts, and no stored output."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    return "\n".join(
        part
        for cell in load(path)["cells"]
        for part in (
            cell["source"],
            json.dumps(cell["metadata"].get("mystnb", {}), ensure_ascii=False),
        )
    )


def british_forms(text):
    return [m[0] for m in BRITISH.finditer(TITLES.sub("", text))]


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: str(p.relative_to(BOOK.parent)))
def test_the_spelling_is_american(path):
    found = sorted(set(british_forms(text_of(path))))
    assert not found, (
        f"{found} in {path.name}: write the American form, as in "
        "toward, forever, anymore, behavior, labeled, minimize"
    )


@pytest.mark.parametrize(
    "text",
    [
        "It falls towards zero",
        "It bounces for ever.",
        "nothing teaches any more.",
        "pairs labelled",
        "Backwards, and then its behaviour",
        "we minimise it; the centre",
    ],
)
def test_a_british_form_is_found(text):
    assert british_forms(text)


@pytest.mark.parametrize(
    "text", ["for every sample", "if it has any more rows", "toward, forever, labeled, a promise"]
)
def test_an_american_form_is_left_alone(text):
    assert not british_forms(text)
