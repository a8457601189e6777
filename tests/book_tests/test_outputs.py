"""What nbval compares must be all that a reader sees: nothing unexecuted, nothing it skips."""

import ast

import lossutils

MAX_LINES = 20


def where(cell):
    return f"cell [{cell['execution_count']}] {cell['source'].splitlines()[0]!r}"


def outputs(cells):
    return [(cell, output) for cell in cells for output in cell["outputs"]]


def test_every_code_cell_was_executed_in_order(code_cells):
    wrong = [
        f"code cell {number} {cell['source'].splitlines()[0]!r} has count {cell['execution_count']}"
        for number, cell in enumerate(code_cells, start=1)
        if cell["execution_count"] != number
    ]
    assert not wrong, f"never run, or run out of order: run `make refresh`; first, {wrong[0]}"


def test_no_cell_writes_to_stderr(code_cells):
    bad = [where(cell) for cell, out in outputs(code_cells) if out.get("name") == "stderr"]
    assert not bad, f"a warning is an error; mend its cause in {bad}"


def test_figures_are_svg(code_cells):
    bad = [
        where(cell)
        for cell, out in outputs(code_cells)
        for mime in out.get("data", {})
        if mime.startswith("image/") and mime != "image/svg+xml"
    ]
    assert not bad, f"nbval compares SVG only; call use_course_style() before {bad}"


def test_figures_carry_nothing_that_changes_from_run_to_run(code_cells):
    svgs = [
        (cell, "".join(out["data"]["image/svg+xml"]))
        for cell, out in outputs(code_cells)
        if "image/svg+xml" in out.get("data", {})
    ]
    bad = [where(cell) for cell, svg in svgs if "<dc:date>" in svg or "Matplotlib v" in svg]
    assert not bad, f"a date or version is stored in the figure of {bad}: use_course_style()"


def test_only_cells_that_announce_it_fail(code_cells):
    for cell in code_cells:
        failed = any(out["output_type"] == "error" for out in cell["outputs"])
        announced = "raises-exception" in cell["metadata"].get("tags", [])
        assert announced or not failed, (
            f"{where(cell)} failed: mend it, or tag it raises-exception if it is meant to"
        )
        assert failed or not announced, f"{where(cell)} did not fail: untag it (raises-exception)"


def test_no_path_of_a_machine_is_stored(notebook_path):
    text = notebook_path.read_text(encoding="utf-8")
    for sign in ("/home/", "/root/", "/Users/", "/tmp/", "site-packages", "0x7f"):
        assert sign not in text, f"{sign!r} is stored in {notebook_path.name}: run `make refresh`"


def test_metadata_is_the_same_on_every_machine(notebook):
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}, "run `make refresh`"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3", "run `make refresh`"
    assert "version" not in notebook["metadata"]["language_info"], "run `make refresh`"
    timed = [cell["id"] for cell in notebook["cells"] if "execution" in cell["metadata"]]
    assert not timed, f"times are stored in the cells {timed}: run `make refresh`"


def test_no_cell_is_long(code_cells):
    long = {
        where(cell): lines
        for cell in code_cells
        if (lines := len([x for x in cell["source"].splitlines() if x.strip()])) > MAX_LINES
    }
    assert not long, f"split these cells, or move what is general into lossutils: {long}"


def test_nothing_is_defined_that_lossutils_exports(code_cells):
    for cell in code_cells:
        defined = {
            node.name
            for node in ast.walk(ast.parse(cell["source"]))
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
        again = defined & set(lossutils.__all__)
        assert not again, f"{where(cell)} defines {again}: import it from lossutils"


def test_random_numbers_come_from_a_local_seeded_generator(code_cells):
    for cell in code_cells:
        for node in ast.walk(ast.parse(cell["source"])):
            call = ast.unparse(node) if isinstance(node, ast.Call) else ""
            seeded_for_all = call.startswith(("np.random.seed", "torch.manual_seed"))
            assert not seeded_for_all, f"{where(cell)}: seed a generator of its own instead"
            unseeded = call in {"np.random.default_rng()", "torch.Generator()"}
            assert not unseeded or ".manual_seed" in cell["source"], f"{where(cell)}: give a seed"
            assert not call.startswith("random."), f"{where(cell)}: draw from np.random instead"
            legacy = call.startswith("np.random.") and not call.startswith("np.random.default_rng")
            assert not legacy, f"{where(cell)}: draw from np.random.default_rng(seed)"


# --- no plumbing before the reader ---------------------------------------------------------------


def test_no_reader_sees_a_call_that_only_stores_a_value(shown_cells):
    bad = [where(cell) for cell in shown_cells if "publish(" in cell["source"]]
    assert not bad, f"use show(...), or put the call into a cell tagged remove-cell: {bad}"


def test_a_hidden_cell_does_nothing_but_store_values(code_cells, shown_cells):
    for cell in code_cells:
        if cell in shown_cells:
            continue
        seen = [out for out in cell["outputs"] if "scrapbook" not in out["metadata"]]
        assert not seen, f"{where(cell)} shows something that no reader sees: untag it"
        assert "publish" in cell["source"], f"{where(cell)} is hidden: say it before the reader"


def share_of_formatting(source):
    """Return which share of a cell's letters stands in f-strings and calls of print and show."""
    tree, inside = ast.parse(source), 0
    for statement in tree.body:
        for node in ast.walk(statement):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in {"print", "show"}:
                inside += len(ast.get_source_segment(source, node))
    return inside / len(source.strip())


def test_no_cell_is_mostly_the_formatting_of_text(shown_cells):
    """A few rows may stand alone; what is more than that belongs into a table or a function."""
    long = [c for c in shown_cells if len(c["source"].strip().splitlines()) > 8]
    bad = {where(c): f"{share_of_formatting(c['source']):.0%}" for c in long
           if share_of_formatting(c["source"]) > 0.5}  # fmt: skip
    assert not bad, f"more than half of these cells is formatting: {bad}"
