"""Decks: what they pull out of chapters, what they refuse, and that the book's own are complete."""

import json
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from tools import slides
from tools.book import BOOK, RECORD

DECKS = sorted((BOOK / "slides").glob("*.md"))

FRONT = "---\ntitle: A title\nchapter: 01_small\nminutes: 5\n---\n"
OPENING = "# A title\n\nHello.\n\nNote:\nMinutes: 2\n\n**Say.** Welcome.\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="200pt"></svg>'


def code_cell(source, outputs=(), **mystnb):
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "metadata": {"mystnb": mystnb} if mystnb else {},
    }


def record(name, value):
    return {
        "output_type": "display_data",
        "metadata": {"scrapbook": {"name": name}},
        "data": {RECORD: repr(value)},
    }


def printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


@pytest.fixture
def book(tmp_path):
    """A book with one small chapter; tests write its deck."""
    drawn = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": SVG}}
    raised = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    loop = "for i in range(2):\n    print(i)\n    publish(\n        i=i)\npublish(share=share)"
    cells = [
        {"cell_type": "markdown", "source": "# Small", "metadata": {}},
        code_cell(
            "share = compute()\npublish(share=share)",
            [printed("share 95%\n"), record("share", 0.9524), record("change", -2.5)],
        ),
        code_cell(loop, [printed("0\n"), printed("1\n")]),
        code_cell(
            "draw()",
            [drawn],
            figure={"name": "fig-bowl", "caption": "c"},
            image={"alt": "A bowl is <round> at the bottom"},
        ),
        code_cell("draw_again()", [drawn], figure={"name": "fig-mute", "caption": "c"}),
        code_cell("fail()", [raised]),
        {**code_cell("share = compute()  # mine"), "metadata": {"tags": ["solution"]}},
    ]
    book = tmp_path / "book"
    (book / "slides").mkdir(parents=True)
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (book / "01_small.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return book


def write(book, *bodies, note="Minutes: 3\n\n**Say.** This."):
    """Write a deck whose slides after the first have the given bodies."""
    texts = [
        OPENING,
        *(f"## Slide here {n}\n\n{b}\n\nNote:\n{note}\n" for n, b in enumerate(bodies)),
    ]
    (book / "slides" / "01_small.md").write_text(FRONT + "\n---\n".join(texts), encoding="utf-8")


def rendered(book):
    """Render the book's deck; return the second slide of the page."""
    out = book.parent / "out"
    slides.render_all(book, out)
    page = BeautifulSoup((out / "01_small.html").read_text(encoding="utf-8"), "html.parser")
    return page.select("section")[1]


def refused(book):
    """Return the message with which the deck is refused, and check that nothing was written."""
    with pytest.raises(slides.SlidesError) as caught:
        slides.render_all(book, book.parent / "out")
    assert not (book.parent / "out").exists()
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("It takes {{share:.0%}}.", "It takes 95%."),
        ("It takes {{small.share:.2f}}.", "It takes 0.95."),
        ("Down by {{change}}.", "Down by −2.5."),
        ("In code `{{change:.1f}}`.", "In code -2.5."),
        ("| a |\n| --- |\n| {{share:.1f}} |", "1.0"),
        ("- **{{share:.3f}}**", "0.952"),
    ],
)
def test_values_are_set(book, body, shown):
    write(book, body)
    assert shown in rendered(book).select_one(".words").get_text()


def test_values_are_set_in_formulas(book):
    write(book, "$x = {{change:.1f}}$ and $s = {{share:.0%}}$")
    sources = [a.get_text() for a in rendered(book).select("annotation")]
    assert sources == ["x = -2.5", r"s = 95\%"]


def test_a_heading_may_hold_a_value_and_a_formula(book):
    write(book)
    path = book / "slides" / "01_small.md"
    text = path.read_text(encoding="utf-8")
    slide = "\n---\n## Share {{share:.0%}} of $n$\n\nNote:\nMinutes: 1\n\nSay.\n"
    path.write_text(text + slide, encoding="utf-8")
    heading = rendered(book).select_one("h2")
    assert heading.get_text().startswith("Share 95% of")
    assert heading.select_one(".katex")


def test_a_figure_keeps_its_text_and_its_proportions(book):
    write(book, "{{figure fig-bowl}}", "{{figure fig-bowl}}\n\nBeside.")
    image = rendered(book).select_one(".alone img")
    assert image["alt"] == "A bowl is <round> at the bottom"
    assert (image["width"], image["height"]) == ("1060", "530")
    assert (book.parent / "out" / image["src"]).read_text(encoding="utf-8") == SVG


@pytest.mark.parametrize(
    ("room", "size"), [((1140, 530), (1060, 530)), ((730, 530), (730, 365)), ((100, 10), (20, 10))]
)
def test_a_figure_is_as_large_as_its_room_allows(room, size):
    assert slides.fitted(slides.svg_size(SVG), room) == size


def test_code_comes_without_what_serves_the_page(book):
    write(book, '{{code "range(2)"}}')
    assert rendered(book).select_one("pre").get_text() == "for i in range(2):\n    print(i)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("range(2)", "0\n1"), ("share = compute", "share 95%"), ("fail()", "ValueError: no")],
)
def test_what_a_cell_printed(book, text, shown):
    write(book, f'{{{{output "{text}"}}}}')
    assert rendered(book).select_one("pre.output").get_text().strip() == shown


def test_a_note_says_minutes_and_names_the_cell_to_run(book):
    write(book, "Hello.", note='Minutes: 2.5\nRun: "range(2)"\n\n**Say.** It takes {{share:.0%}}.')
    note = rendered(book).select_one("aside.notes").get_text()
    assert "2.5 min" in note
    assert "Run the cell for i in range(2):" in note
    assert "It takes 95%." in note


def test_a_line_of_dashes_in_code_does_not_end_a_slide(book):
    write(book, "```text\na\n---\nb\n```")
    assert rendered(book).select_one("pre").get_text() == "a\n---\nb"


@pytest.mark.parametrize("kind", slides.KINDS)
def test_a_comment_gives_the_look(book, kind):
    write(book, f"<!-- {kind} -->\n\nHello.")
    slide = rendered(book)
    assert kind in slide.select_one(".slide")["class"]
    label = slide.select_one(".kind")
    assert (label.get_text() if label else "") == slides.KINDS[kind]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{shar:.0%}}", "no value 'small.shar'; close names: small.share"),
        ("{{small.shar}}", "no value 'small.shar'; close names: small.share"),
        ("{{share:.1q}}", "'.1q' is no format for small.share"),
        ("{{change:.0f}}", "small.change = -2.5 is halfway for '.0f'"),
        ("{{figure fig-bowls}}", "no figure 'fig-bowls'; close names: fig-bowl"),
        ("{{figure zzz}}", "no figure 'zzz'; there are fig-bowl, fig-mute"),
        ("{{figure fig-mute}}", "figure 'fig-mute' has no alternative text"),
        ('{{code "nowhere"}}', 'no code cells of the chapter contain "nowhere"'),
        ('{{code "publish"}}', '2 code cells of the chapter contain "publish"'),
        ('{{output "draw()"}}', 'the cell "draw()" prints nothing'),
        ("Words {{figure fig-bowl}} around it", "that is no value, figure or cell"),
        (r"$\frac{1$", "KaTeX parse error"),
        ("```klingon\nqo\n```", "code in an unknown language"),
        ("<!-- predct -->\n\nHello.", "<!-- predct --> is none of predict, live, big"),
    ],
)
def test_what_is_not_there_is_named_with_its_slide(book, body, message):
    write(book, "Fine.", body)
    found = refused(book)
    assert found.startswith('01_small.md, slide 3 "Slide here 1": ')
    assert message in found


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("**Say.** No minutes.", "the note needs a line such as 'Minutes: 3'"),
        ("Minutes: many\n\nSay.", "the note needs a line such as 'Minutes: 3'"),
        ("Minutes: 0\n\nSay.", "the note needs a line such as 'Minutes: 3'"),
        ("Minutes: 3", "the note says nothing but the minutes"),
        ("Minutes: 3\n\nThe $x$ axis.", "no formulas in a note"),
        (
            'Minutes: 3\nRun: "nowhere"\n\nSay.',
            'Run: no code cells of the chapter contain "nowhere"',
        ),
        ("Minutes: 3\n\nIt takes {{shar}}.", "no value 'small.shar'"),
    ],
)
def test_a_malformed_note_is_named_with_its_slide(book, note, message):
    write(book, "Hello.", note=note)
    found = refused(book)
    assert found.startswith('01_small.md, slide 2 "Slide here 0": ')
    assert message in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# No front matter\n", "01_small.md: a deck opens with front matter"),
        ("---\ntitle: A\nminutes: 5\n---\n", "the front matter needs chapter (str)"),
        ("---\ntitle: A\nchapter: 01_small\nminutes: soon\n---\n", "needs minutes (int)"),
        (FRONT + "## Too deep\n\nNote:\nMinutes: 1\n\nSay.\n", "this one with '# '"),
        (FRONT + OPENING + "\n---\nNo heading\n", 'slide 2 "No heading": a slide opens with'),
        (FRONT + OPENING + "\n---\n## No note\n", "no speaker note"),
        (FRONT + OPENING + "\n---\n#" + OPENING, "another slide has the same heading"),
        (FRONT.replace("small", "smal") + OPENING, "no chapter '01_smal'; close names: 01_small"),
    ],
)
def test_a_malformed_deck_is_refused(book, text, message):
    (book / "slides" / "01_small.md").write_text(text, encoding="utf-8")
    assert message in refused(book)


def test_all_problems_are_listed_at_once(book):
    write(book, "{{no_such}}", "{{figure fig-none}}", '{{code "none"}}')
    assert len(refused(book).splitlines()) == 3


def test_the_program_says_what_it_made_or_why_not(book, monkeypatch, capsys):
    monkeypatch.setattr(slides, "BOOK", book)
    write(book, "Hello.")
    slides.main([str(book.parent / "out")])
    assert capsys.readouterr().out.startswith("01_small: 2 slides, 5 minutes, ")
    write(book, "{{no_such}}")
    with pytest.raises(SystemExit, match=r"no slides:\n.*no value 'small\.no_such'"):
        slides.main([str(book.parent / "out")])
    with pytest.raises(SystemExit, match="usage"):
        slides.main([])


# The book's own decks -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def outdir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    assert slides.render_all(BOOK, folder)
    return folder


@pytest.fixture(params=DECKS, ids=lambda path: path.stem)
def deck(request):
    return slides.read_deck(request.param)


def test_the_first_chapters_have_decks():
    have = {path.stem for path in DECKS}
    assert {"01_introduction", "02_role_of_losses", "03_regression"} <= have
    assert have <= {path.stem for path in BOOK.glob("*.ipynb")}


def test_a_page_has_every_slide_and_asks_no_other_server(outdir, deck):
    html = (outdir / f"{deck.name}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert len(page.select("section")) == len(deck.slides)
    loaded = [tag.get("src") or tag.get("href") for tag in page.select("[src], link")]
    assert all((outdir / name).is_file() for name in loaded if not name.startswith("data:"))
    assert "katex-error" not in html


def test_styles_load_nothing_that_is_not_there(outdir):
    for path in (outdir / "assets").glob("*.css"):
        for name in re.findall(r"url\(([^)]+)\)", path.read_text(encoding="utf-8")):
            name = name.strip("\"'")
            assert name.startswith("data:") or (path.parent / name).is_file(), (
                f"{path.name}: {name}"
            )


def test_a_deck_lasts_as_long_as_it_says(deck):
    assert deck.minutes == 50, "minutes: 50, in the front matter"
    planned = sum(slide.minutes for slide in deck.slides)
    assert abs(planned - deck.minutes) <= 3, f"the notes add up to {planned} minutes: 47 to 53"
    assert 16 <= len(deck.slides) <= 24, f"{len(deck.slides)} slides: 16 to 24"
    notes = [slide.note for slide in deck.slides]
    twice = [slide.where for slide in deck.slides if notes.count(slide.note) > 1]
    assert not twice, f"these slides have the same note, and the speaker cannot tell them: {twice}"


def test_every_note_says_asks_and_warns(deck):
    parts = ("**Say.**", "**Ask.**", "**Misconception.**")
    missing = [(s.where, part) for s in deck.slides for part in parts if part not in s.note]
    assert not missing, f"every note says, asks and warns: {missing}"


def test_every_prediction_is_answered_by_the_next_slide(deck):
    asks = ["predict" in slide.kinds for slide in deck.slides]
    assert sum(asks) >= 3, f"{sum(asks)} slides with <!-- predict -->: at least 3"
    assert not asks[-1], "the last slide asks for a prediction, and none answers it"
    assert not any(now and then for now, then in pairwise(asks)), "two predictions in a row"


def test_a_deck_has_live_moments_that_name_their_cell(deck):
    live = [slide for slide in deck.slides if "live" in slide.kinds]
    assert 1 <= len(live) <= 2, f"{len(live)} slides with <!-- live -->: one or two"
    without = [slide.where for slide in live if not slide.runs]
    assert not without, f'a live slide names its cell in the note, as Run: "text": {without}'


def test_the_last_slide_sets_homework(deck):
    assert "To do:" in deck.slides[-1].body, "the last slide sets homework: a line To do: ..."


def test_no_number_is_typed(deck):
    typed = re.compile(r"(?<![\w./-])\d[\d,]*(?:\.\d+|e-\d+|\s?%)")
    for slide in deck.slides:
        shown = re.sub(r"(?s)\{\{.*?\}\}|```.*?```|`[^`\n]*`", " ", slide.body + slide.note)
        assert not typed.findall(shown), f"{slide.where}: pull it by name: {typed.findall(shown)}"


@pytest.mark.parametrize("length", [50, 90])
def test_the_teaching_plans_leave_no_minute_out(length):
    page = (BOOK / "teaching.md").read_text(encoding="utf-8")
    plans = re.findall(rf"(?ms)^### Chapter \d+ in {length} minutes\n(.*?)(?=^#|\Z)", page)
    assert len(plans) == len(DECKS), f"teaching.md: a plan in {length} minutes for each chapter"
    for plan in plans:
        rows = [(int(a), int(b)) for a, b in re.findall(r"(?m)^\| (\d+)–(\d+) \|", plan)]
        assert rows[0][0] == 0
        assert rows[-1][1] == length
        assert all(start == end for (_, end), (start, _) in pairwise(rows)), plan
