"""Faults of notebooks, figures and numbers, each with the test that guards it."""

import json
from urllib.parse import quote

from tools.book import RECORD, SVG
from tools.prove.faults import (
    Fault,
    append,
    code_cell,
    draws,
    edited,
    figure_cell,
    notebook,
    prose_cell,
    sub,
)

STEM = "03_regression"
BOOK = f"book/{STEM}.ipynb"
DECK = f"book/slides/{STEM}.md"
OUTPUTS = "tests/book_tests/test_outputs.py::test_"
FIGURES = "tests/book_tests/test_figures.py::test_"
PROSE = "tests/book_tests/test_prose.py::test_"


def output_faults():
    """Return what nbval must notice in one notebook: a digit, a value, a coordinate by a little."""
    book = "book/02_role_of_losses.ipynb"

    def moved(by):
        return lambda match: f"{match[1]}{float(match[2]) + by:.2f}"

    return [
        Fault("a printed digit is wrong", book, sub(r"loss   8\.0150", "loss   8.0151"),
              book, "8.0151"),
        Fault("a published value is wrong", book,
              sub(r'(record/text/plain\W*)1\.2407', r"\g<1>1.2417"), book, "1.2417"),
        Fault("a curve of a figure is moved", book,
              sub(r'(<path d=\\"M )(\d+\.\d+)', moved(0.02)), book, "0.02 point"),
        Fault("a curve in a frame of a slider is moved", book,
              sub(r"(%3Cpath d='M)(\d+\.\d+)", moved(0.03)), book, "0.03 point"),
    ]  # fmt: skip


def unexecuted(cell):
    """Make a cell look as if it was never run."""
    cell["execution_count"], cell["outputs"] = None, []


def second_figure(cell):
    """Let a cell draw its figure twice."""
    cell["outputs"] += [out for out in cell["outputs"] if SVG in out.get("data", {})]


def as_png(cell):
    """Store a figure as pixels, which nbval does not compare."""
    for out in cell["outputs"]:
        if SVG in out.get("data", {}):
            del out["data"][SVG]
            out["data"]["image/png"] = "iVBORw0KGgo="


def svg(change):
    """Return a function that changes the figure of a cell as text."""

    def changed(cell):
        for out in cell["outputs"]:
            if SVG in out.get("data", {}):
                text = "".join(out["data"][SVG])
                out["data"][SVG] = change(text)

    return changed


def framed(lines):
    """Return a function that draws more lines into the first frame of a slider."""
    more = quote(lines.replace('"', "'"), safe="/ :;='-")

    def changed(cell):
        for out in cell["outputs"]:
            text = "".join(out["data"].get("text/html", ""))
            out["data"]["text/html"] = text.replace("%3C/svg%3E", f"{more}%3C/svg%3E", 1)

    return changed


def output(**entries):
    """Return a function that gives a cell one more output."""
    return lambda cell: cell["outputs"].append(entries)


def without(*keys):
    """Return a function that deletes an entry below a cell's metadata."""

    def change(cell):
        place = cell["metadata"]
        for key in keys[:-1]:
            place = place[key]
        del place[keys[-1]]

    return change


def same_name(cells, book):
    """Give two figures one name."""
    found = [c for c in cells if c["cell_type"] == "code" and draws(c)]
    figures = [c["metadata"]["mystnb"]["figure"] for c in found]
    figures[0]["name"] = figures[1]["name"]


LONG = "\n".join(f"x_{n} = {n}" for n in range(30))
STDERR = output(output_type="stream", name="stderr", text="UserWarning: careful\n")
ERROR = output(output_type="error", ename="ValueError", evalue="no", traceback=[])
PATH = output(output_type="stream", name="stdout", text="/home/somebody/losses\n")
ANY = lambda cell: bool(cell["outputs"])  # noqa: E731
SPDX = "<dc:date>2026</dc:date></svg>"


def notebook_faults():
    """Return the faults of what a notebook stores."""
    of = f"[{STEM}]"
    code = lambda change: code_cell(change, ANY)  # noqa: E731
    version = notebook(lambda _, book: book["metadata"]["language_info"].update(version="3.11.1"))
    define = code(edited("source", "def mse_loss(y_true, y_pred):\n    return 0"))
    seed = code(edited("source", "import numpy as np\nnp.random.seed(0)"))
    return [
        Fault("a cell is not executed", BOOK, code(unexecuted),
              f"{OUTPUTS}every_code_cell_was_executed_in_order{of}", "never run"),
        Fault("a warning is stored", BOOK, code(STDERR),
              f"{OUTPUTS}no_cell_writes_to_stderr{of}", "a warning is an error"),
        Fault("a figure is stored as pixels", BOOK, figure_cell(as_png),
              f"{OUTPUTS}figures_are_svg{of}", "nbval compares SVG only"),
        Fault("a figure carries a date", BOOK,
              figure_cell(svg(lambda text: text.replace("</svg>", SPDX))),
              f"{OUTPUTS}figures_carry_nothing_that_changes_from_run_to_run{of}", "a date"),
        Fault("a cell fails unannounced", BOOK, code(ERROR),
              f"{OUTPUTS}only_cells_that_announce_it_fail{of}", "failed: mend it"),
        Fault("the path of a machine is stored", BOOK, code(PATH),
              f"{OUTPUTS}no_path_of_a_machine_is_stored{of}", f"{STEM}.ipynb"),
        Fault("the version of a machine is stored", BOOK, version,
              f"{OUTPUTS}metadata_is_the_same_on_every_machine{of}", "make refresh"),
        Fault("a cell is too long", BOOK, code(edited("source", LONG)),
              f"{OUTPUTS}no_cell_is_long{of}", "split these cells"),
        Fault("a cell defines again what lossutils has", BOOK, define,
              f"{OUTPUTS}nothing_is_defined_that_lossutils_exports{of}", "mse_loss"),
        Fault("random numbers are seeded for all", BOOK, seed,
              f"{OUTPUTS}random_numbers_come_from_a_local_seeded_generator{of}",
              "seed a generator of its own"),
    ]  # fmt: skip


def figure_faults():
    """Return the faults of figures and of what is said about them."""
    of = f"[{STEM}]"
    whole = f"{FIGURES}figures_have_caption_name_and_alt{of}"
    alt = lambda text: figure_cell(  # noqa: E731
        lambda cell: cell["metadata"]["mystnb"]["image"].update(alt=text)
    )
    wide = figure_cell(svg(lambda text: text.replace('width="', 'width="9', 1)))
    link = prose_cell(lambda text: f"{text}\n\nSee [](#fig-mse-bowl).\n")
    return [
        Fault("an alt text is deleted", BOOK,
              figure_cell(without("mystnb", "image", "alt")), whole, "mystnb.image.alt"),
        Fault("an alt text is too short", BOOK, alt("A curve."), whole, "say more"),
        Fault("an alt text names the kind of picture", BOOK,
              alt("Plot of the losses over the error of a prediction."), whole,
              "names the kind of picture"),
        Fault("a caption is deleted", BOOK,
              figure_cell(without("mystnb", "figure", "caption")), whole, "mystnb.figure.caption"),
        Fault("a cell draws two figures", BOOK, figure_cell(second_figure),
              f"{FIGURES}a_cell_draws_one_figure_at_most{of}", "draws 2 figures"),
        Fault("two figures have one name", BOOK, notebook(same_name),
              f"{FIGURES}figure_names_are_unique", "used more than once"),
        Fault("a link to a figure has no words", BOOK, link,
              f"{FIGURES}links_to_figures_have_words{of}", f"{STEM}.ipynb"),
        Fault("a figure is too wide for a phone", BOOK, wide,
              f"{FIGURES}figures_are_narrow_enough_for_a_phone{of}", "pt wide"),
    ]  # fmt: skip


def word_faults():
    """Return the faults of terms, spelling, and of figures that not everybody can read."""
    lines = "".join(
        f'<g id="line2d_{n}"><path clip-path="x" style="fill:none;stroke:{c};stroke-width:2"/></g>'
        for n, c in enumerate(("#0B5394", "#00785A"))
    )
    alike = f'<g id="axes_99">{lines}</g></svg>'
    pale = '<g id="text_99"><text style="fill: #cccccc">x</text></g></svg>'
    frame = code_cell(framed(lines), lambda cell: "data:image/svg" in json.dumps(cell["outputs"]))
    drawn = lambda more: figure_cell(svg(lambda text: text.replace("</svg>", more)))  # noqa: E731
    said = lambda more: prose_cell(lambda text: f"{text}\n\n{more}\n")  # noqa: E731
    glossary = "tests/book_tests/test_glossary.py::test_"
    colors = "tests/book_tests/test_color_vision.py::test_"
    return [
        Fault("a bold term is not in the glossary", BOOK, said("A **never heard of thing**."),
              f"{glossary}every_bold_term_has_an_entry[regression]", "never heard of thing"),
        Fault("an entry of the glossary names another chapter", "book/glossary.md",
              sub(r"\(#regression\)", "(#introduction)"),
              f"{glossary}a_term_is_bold_once_where_its_entry_says", "#introduction"),
        Fault("a word is spelled in the British way", BOOK, said("Its behaviour is calm."),
              f"tests/book_tests/test_spelling.py::test_the_spelling_is_american[{BOOK}]",
              "behaviour"),
        Fault("two curves differ in nothing but a color", BOOK, drawn(alike),
              f"{colors}curves_differ_by_more_than_a_color_that_some_do_not_see[{STEM}-",
              "give one of each pair"),
        Fault("two curves in a frame of a slider differ in nothing but a color", BOOK, frame,
              f"{colors}curves_differ_by_more_than_a_color_that_some_do_not_see[{STEM}-slider",
              "give one of each pair"),
        Fault("a word in a figure is too pale", BOOK, drawn(pale),
              f"{colors}words_in_a_figure_can_be_read_on_its_white_card[{STEM}-", "#cccccc"),
    ]  # fmt: skip


def prose_faults():
    """Return the faults of numbers in sentences."""
    typed = prose_cell(lambda text: f"{text}\n\nThe loss is 0.4321 now.\n")
    value = sub(r"(\d)(<!--v )", r"\g<1>7\2")
    listed = append('\n[[allow]]\npage = "03_regression"\ntext = "0.98765"\n'
                    'reason = "sets up an example"\n')  # fmt: skip
    odd = code_cell(
        lambda cell: cell["outputs"].append(
            {
                "output_type": "display_data",
                "metadata": {"scrapbook": {"name": "odd"}},
                "data": {RECORD: "[1, 2]"},
            }
        )
    )
    return [
        Fault("a number is typed into a sentence", BOOK, typed,
              f"{PROSE}numbers_in_prose_are_computed[{STEM}]", f"{STEM}.ipynb"),
        Fault("a number is typed into a page without cells", "book/notation.md",
              append("\nThe loss is 0.4321 now.\n"),
              f"{PROSE}numbers_in_prose_are_computed[notation]", "notation.md"),
        Fault("a number in a sentence is not what the cell computed", BOOK, value,
              f"{PROSE}marked_numbers_are_what_the_cells_computed", f"{STEM}.ipynb"),
        Fault("a marker names a value that no cell publishes", BOOK,
              sub(r"<!--v \w+", "<!--v no_such_value"),
              f"{PROSE}marked_numbers_are_what_the_cells_computed", "no_such_value"),
        Fault("the list of typed numbers has one that is gone", "book/prose_numbers.toml", listed,
              f"{PROSE}exceptions_have_a_reason_and_are_needed[03_regression:0.98765]",
              "no longer in the text"),
        Fault("a number is typed into a slide", DECK, sub(r"(?m)^Note:", "It is 0.4321.\n\nNote:"),
              f"{PROSE}numbers_on_slides_are_pulled_by_name[{STEM}]", f"{STEM}.md"),
        Fault("a published value is no number", BOOK, odd,
              f"{PROSE}every_published_value_can_be_reached", "isinstance"),
    ]  # fmt: skip


def faults():
    """Return all of them."""
    groups = (notebook_faults, figure_faults, word_faults, prose_faults)
    return [fault for group in groups for fault in group()]
