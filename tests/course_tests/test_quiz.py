"""Self-test questions: what a reader, a screen reader and a notebook check get to see."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from bs4 import BeautifulSoup

from lossutils.course.quiz import question, right, wrong

OPTIONS = [
    wrong("25 times", "That is the loss."),
    right("5 times", "The gradient is twice the error."),
    wrong("equally", "That is MAE."),
]


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed, as (bundle, keywords)."""
    calls = []
    monkeypatch.setattr(
        "lossutils.course.quiz.display", lambda data, **kw: calls.append((data, kw))
    )
    return calls


@pytest.fixture
def page(shown):
    """Show a question and return its HTML, parsed."""

    def show(prompt="How much harder does it pull?", options=OPTIONS, **knobs):
        assert question(prompt, options, **knobs) is None
        return BeautifulSoup(shown[-1][0]["text/html"], "html.parser")

    return show


def test_each_option_opens_and_says_why(page):
    boxes = page().select("details")
    assert len(boxes) == 3
    for box, option, letter in zip(boxes, OPTIONS, "ABC", strict=True):
        assert box.summary.get_text() == f"{letter}\u2002{option.text}"
        verdict = "Right." if option.is_right else "Not this one."
        assert box.p.get_text() == f"{verdict} {option.why}"
        assert "open" not in box.attrs
        assert "name" not in box.attrs  # several may stay open, to compare them


def test_the_group_is_labelled_by_its_prompt(page):
    soup = page(number=3)
    group = soup.select_one('[role="group"]')
    prompt = soup.find(id=group["aria-labelledby"])
    assert prompt.get_text() == "Question 3. How much harder does it pull?"


def test_a_question_without_number(page):
    assert page().p.get_text() == "Question. How much harder does it pull?"


def test_no_script_and_no_outside_address(page):
    soup = page()
    assert soup.script is None
    assert "http" not in str(soup)


def test_the_key_for_paper_is_hidden_and_right(page):
    key = page().select_one(".quiz__key")
    assert key.get_text() == "Answer: B"
    assert key["style"] == "display:none"


def test_the_same_question_gives_the_same_bytes(shown):
    for _ in range(2):
        question("Why?", OPTIONS, number=1)
    assert shown[0] == shown[1]


def test_ids_differ_between_questions(page):
    pages = [page("Why?", number=1), page("Why?", number=2), page("Why not?", number=1), page()]
    assert len({soup.select_one("[id]")["id"] for soup in pages}) == 4


def test_plain_text_shows_the_options_without_the_answer(shown):
    question("Why?", OPTIONS, number=2)
    bundle, keywords = shown[0]
    assert keywords == {"raw": True}
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "Question 2. Why?\n  A  25 times\n  B  5 times\n  C  equally"


def test_four_options_and_a_numpy_number(page):
    soup = page(options=[*OPTIONS, wrong("none", "No.")], number=np.int64(4))
    assert [box.b.get_text() for box in soup.select("details")] == list("ABCD")
    assert soup.p.get_text().startswith("Question 4. ")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("use `lu.mse_loss`", "use <code>lu.mse_loss</code>"),
        ("the *gradient* counts", "the <em>gradient</em> counts"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`a * b * c`, `*x*`", "<code>a * b * c</code>, <code>*x*</code>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("`x < 1`", "<code>x &lt; 1</code>"),
        ("one ` alone", "one ` alone"),
        ("$10 and $50", "<span>$</span>10 and <span>$</span>50"),
        ("½e² − ŷ", "½e² − ŷ"),
    ],
)
def test_marks_in_texts(shown, text, html):
    question(text, [right(text, text), *OPTIONS[::2]])
    assert shown[0][0]["text/html"].count(html) == 3


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"prompt": 3}, TypeError, "prompt must be a string; got int"),
        ({"prompt": " "}, ValueError, "prompt must not be empty"),
        ({"options": OPTIONS[:2]}, ValueError, "options must hold 3 or 4 options; got 2"),
        ({"options": OPTIONS * 2}, ValueError, "options must hold 3 or 4 options; got 6"),
        (
            {"options": [*OPTIONS, "x"]},
            TypeError,
            r"options\[3\] must be made by right\(text, why\) or wrong\(text, why\); got str",
        ),
        (
            {"options": [*OPTIONS, wrong(5, "y")]},
            TypeError,
            r"options\[3\]\.text must be a string; got int",
        ),
        (
            {"options": [*OPTIONS, wrong("x", "")]},
            ValueError,
            r"options\[3\]\.why must not be empty",
        ),
        (
            {"options": [*OPTIONS, wrong("5 times", "x")]},
            ValueError,
            r"options must differ; options\[1\] and options\[3\] read the same",
        ),
        (
            {"options": [*OPTIONS, right("x", "y")]},
            ValueError,
            "options must hold exactly one right option; got 2",
        ),
        (
            {"options": [OPTIONS[0], OPTIONS[2], wrong("x", "y")]},
            ValueError,
            "options must hold exactly one right option; got 0",
        ),
        ({"number": 1.0}, TypeError, "number must be an integer; got float"),
        ({"number": True}, TypeError, "number must be an integer; got bool"),
        ({"number": 0}, ValueError, "number must be 1 or more; got 0"),
    ],
)
def test_wrong_use_names_the_argument(shown, change, error, message):
    arguments = {"prompt": "Why?", "options": OPTIONS, "number": None} | change
    with pytest.raises(error, match=f"^{message}$"):
        question(arguments["prompt"], arguments["options"], number=arguments["number"])
    assert shown == []


def test_an_option_cannot_be_changed():
    option = right("5 times", "The gradient is twice the error.")
    with pytest.raises(FrozenInstanceError):
        option.is_right = False
