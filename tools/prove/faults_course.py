"""Faults of chapters, exercises, slides, versions and the library, each with its test."""

from tools.prove.faults import Fault, append, edited, notebook, prose_cell, sub, tagged

STEM = "03_regression"
BOOK = f"book/{STEM}.ipynb"
DECK = f"book/slides/{STEM}.md"
STRUCTURE = "tests/book_tests/test_structure.py::test_"
SLIDES = "tests/tools_tests/test_slides.py::test_"
WORKBOOKS = "tests/tools_tests/test_workbooks.py::test_"
ANSWERS = "tests/tools_tests/test_answers.py::test_"
SETUP = "tests/tools_tests/test_setup.py::test_"
API = "tests/lossutils_tests/test_api.py::test_"
CHOOSING = "tests/book_tests/test_choosing_page.py::test_"
PITFALLS = "tests/book_tests/test_pitfalls.py::test_"


def solution_in_check(cells, book):
    """Write a line of a solution into the check cell, where a learner would read it."""
    line = ""
    for cell in cells:
        tags = cell["metadata"].get("tags", [])
        if "solution" in tags and cell["cell_type"] == "code":
            line = max(cell["source"].splitlines(), key=len)
        if "check" in tags and line:
            cell["source"] += f"\n# {line}"
            return


def stub_is_solution(cells, book):
    """Give the solution away in the stub."""
    stub = next(c for c in cells if "stub" in c["metadata"].get("tags", []))
    done = next(
        c for c in cells if "solution" in c["metadata"].get("tags", []) and c["cell_type"] == "code"
    )
    stub["source"] = done["source"]


def structure_faults():
    """Return the faults of chapters, contents, reference pages and citations."""
    chapter = f"[{STEM}]"
    deep = prose_cell(lambda text: f"{text}\n\n#### Too deep\n")
    cited = prose_cell(lambda text: f"{text}\n\nSee {{cite:t}}`nobody1999`.\n")
    return [
        Fault("a chapter opens without objectives", BOOK,
              sub(":class: objectives", ":class: tip"),
              f"{STRUCTURE}a_chapter_opens_with_objectives_prerequisites_and_time{chapter}",
              "objectives"),
        Fault("a chapter has no recap", BOOK, sub("## Recap", "## In the end"),
              f"{STRUCTURE}a_chapter_closes_with_recap_and_further_reading{chapter}", "## Recap"),
        Fault("a chapter asks nothing", BOOK, sub(":class: predict", ":class: tip", count=0),
              f"{STRUCTURE}a_chapter_asks_before_it_tells{chapter}", "predict"),
        Fault("a heading skips a level", BOOK, deep,
              f"{STRUCTURE}headings_skip_no_level{chapter}", "skips a level"),
        Fault("a page is taken out of the contents", "_toc.yml",
              sub(r"\n *- file: book/glossary", ""),
              f"{STRUCTURE}every_page_is_in_the_table_of_contents", "book/glossary"),
        Fault("a public name is not on the reference page", "book/api.md",
              sub(r"lossutils\.mse_loss\b", "lossutils.other", count=0),
              f"{STRUCTURE}the_reference_page_has_every_public_name", "mse_loss"),
        Fault("a source is cited that the bibliography lacks", BOOK, cited,
              f"{STRUCTURE}every_citation_has_an_entry_that_can_be_looked_up", "nobody1999"),
        Fault("an entry of the bibliography cannot be looked up", "book/references.bib",
              append("\n@book{nobody, title = {T}}\n"),
              f"{STRUCTURE}every_citation_has_an_entry_that_can_be_looked_up", "needs a DOI"),
    ]  # fmt: skip


def exercise_faults():
    """Return the faults of exercises and workbooks."""
    data = "lossutils/exercises/regression.py"
    answer = tagged("solution", edited("source", lambda text: f"{text}\nraise KeyError"))
    return [
        Fault("a stub holds the solution", BOOK, notebook(stub_is_solution),
              f"{WORKBOOKS}every_stub_is_not_started[{STEM}]", "not started"),
        Fault("a learner's workbook holds a line of a solution", BOOK, notebook(solution_in_check),
              f"{WORKBOOKS}no_line_of_a_solution_is_in_a_learner_s_workbook",
              f"{STEM}_workbook.ipynb"),
        Fault("a solution does not run", BOOK, answer,
              f"{WORKBOOKS}every_solution_passes", "KeyError"),
        Fault("an exercise is counted wrongly", BOOK, sub(":label: ex-3-2", ":label: ex-3-9"),
              f"{WORKBOOKS}exercises_are_complete_and_counted_through[{STEM}]", "3.9"),
        Fault("a check cell calls another exercise", BOOK, sub(r'check\(\\"3\.2', r'check(\\"3.1'),
              f"{WORKBOOKS}exercises_are_complete_and_counted_through[{STEM}]", "3.1"),
        Fault("a text does not say how many digits it wants", BOOK,
              sub("otherwise give three decimals", "be exact"),
              f"{ANSWERS}the_text_says_how_many_digits_are_wanted[3.1-0]", "three decimals"),
        Fault("a check forbids what its text does not", BOOK,
              sub(", and nothing from `lossutils`", ""),
              f"{ANSWERS}what_a_text_forbids_is_enforced_and_nothing_else[3.2-0]", "may_use"),
        Fault("an exercise has another title than its data", data,
              sub("Three forecasts by hand", "Other"),
              f"{WORKBOOKS}text_and_data_agree[3.", "Other"),
    ]  # fmt: skip


def slide_faults():
    """Return the faults of the decks' sources and the teaching plans."""
    of = f"[{STEM}]"
    everywhere = f"{SLIDES}every_note_says_asks_and_warns{of}"
    render = f"{SLIDES}a_page_has_every_slide_and_asks_no_other_server"
    return [
        Fault("a note says nothing", DECK, sub(r"\*\*Say\.\*\*", "Say."), everywhere, "**Say.**"),
        Fault("a note warns of nothing", DECK, sub(r"\*\*Misconception\.\*\*", "So."),
              everywhere, "**Misconception.**"),
        Fault("a slide has no notes", DECK, sub(r"(?s)\nNote:.*?\n---\n", "\n---\n"),
              render, f"{STEM}.md"),
        Fault("a deck runs over its time", DECK, sub(r"(?m)^Minutes: \d+", "Minutes: 30"),
              f"{SLIDES}a_deck_lasts_as_long_as_it_says{of}", "minutes"),
        Fault("a deck sets no homework", DECK, sub("To do:", "Then:", count=0),
              f"{SLIDES}the_last_slide_sets_homework{of}", "To do:"),
        Fault("a slide pulls a value that no chapter has", DECK,
              sub(r"\{\{[a-z_.]+([:}])", r"{{no_such_value\1"), render, "no_such_value"),
        Fault("a teaching plan leaves minutes out", "book/teaching.md",
              sub(r"(?m)^\| 0–\d+ \|", "| 0–1 |"),
              f"{SLIDES}the_teaching_plans_leave_no_minute_out", "assert"),
    ]  # fmt: skip


def version_faults():
    """Return the faults of pinned versions and of set-up."""
    lock = "site/package-lock.json"
    return [
        Fault("a package is not pinned", "requirements.txt", sub("numpy==", "numpy>="),
              f"{SETUP}a_requirement_is_pinned_and_has_its_reason", "numpy>="),
        Fault("a package has no reason", "requirements.txt", sub(r"(?m)^(numpy==\S+).*$", r"\1"),
              f"{SETUP}a_requirement_is_pinned_and_has_its_reason", "why"),
        Fault("a package is constrained to another version", "constraints.txt",
              sub(r"(?m)^numpy==.*$", "numpy==2.0.0"),
              f"{SETUP}every_requirement_is_in_the_constraints_with_the_same_version", "numpy"),
        Fault("an address of a server is named", "requirements.txt",
              append("--index-url https://example.org\n"),
              f"{SETUP}no_address_and_no_local_version_is_named[requirements.txt]", "://"),
        Fault("an npm package has no hash", lock,
              sub('"integrity": "sha512-', '"integrity": "md5-'),
              f"{SETUP}the_lock_file_has_a_hash_for_everything_and_no_address", "sha512"),
        Fault("an npm package is locked to another version", lock,
              sub(r'("node_modules/katex": \{\s*"version": ")[^"]+', r"\g<1>0.1.0"),
              f"{SETUP}npm_packages_are_pinned_and_locked_at_the_same_version", "katex"),
        Fault("a target is not declared", "Makefile", append("\nsurprise:\n\t@echo hello\n"),
              f"{SETUP}every_target_is_found_here_and_declared_as_no_file", "surprise"),
    ]  # fmt: skip


def library_faults():
    """Return the faults of lossutils that no formula shows."""
    init, module = "lossutils/__init__.py", "lossutils/regression.py"
    return [
        Fault("importing lossutils imports PyTorch", init, append("\nimport torch\n"),
              f"{API}import_brings_in_numpy_only", "torch"),
        Fault("a docstring loses a section", module,
              sub("    References\n    -+\n", "    Read\n    ----\n"),
              f"{API}docstring_of_a_loss_has_its_sections[", "mse_loss"),
        Fault("a knob can be given by place", module, sub(r", \*, reduction", ", reduction"),
              f"{API}signature", "mse_loss"),
    ]  # fmt: skip


def chapter_faults():
    """Return the faults that only chapters 8 and 10 can have."""
    pitfalls, checklist = "book/10_pitfalls.ipynb", "book/checklist.md"
    return [
        Fault("a row of the decision table leads nowhere", "lossutils/course/choosing.py",
              sub(r'(?m)^( +\d+, )"[^"]+"', r'\1"No such section"'),
              f"{CHOOSING}the_experiment_is_a_section_of_the_chapter", "No such section"),
        Fault("a verdict of the decision table is not on the page", "lossutils/course/choosing.py",
              sub('"partly",', '"no",'),
              f"{CHOOSING}the_page_shows_what_the_rows_say_now", "refresh book/08_choosing.ipynb"),
        Fault("a slide shows an older row", "book/slides/08_choosing.md",
              sub(r"(?m)^(\| .* )●( .*[●◐○✕] \|)$", r"\1✕\2"),
              f"{CHOOSING}the_slides_show_the_rows_as_they_are", "✕"),
        Fault("an exhibit says no reason", pitfalls, sub(r"\*Why\.\*", "*So.*"),
              f"{PITFALLS}an_exhibit_has_its_five_parts_in_order", "exhibit-"),
        Fault("the check of an exhibit never fails", pitfalls, sub("FAILS", "passes", count=0),
              f"{PITFALLS}the_check_of_an_exhibit_fails_on_the_bug_and_passes_on_the_repair",
              "never failed"),
        Fault("an exhibit is not on the checklist", checklist,
              sub(r"\(#exhibit-[\w-]+\)", "(#nowhere)"),
              f"{PITFALLS}an_exhibit_is_in_the_catalog_and_on_the_checklist", "exhibit-"),
    ]  # fmt: skip


def faults():
    """Return all of them."""
    groups = (structure_faults, exercise_faults, slide_faults, version_faults, library_faults,
              chapter_faults)  # fmt: skip
    return [fault for group in groups for fault in group()]
