"""Running notebooks again: what is stored is the same everywhere, and every change is shown."""

import contextlib
import io
import json

import nbformat
import pytest

from tools import refresh

V4 = nbformat.v4


def code(source, number, **metadata):
    cell = V4.new_code_cell(source, metadata=metadata)
    cell.id = f"cell{number}"
    return cell


def write(path, *cells):
    """Write a notebook as an editor leaves it: never run, with that machine's metadata."""
    notebook = V4.new_notebook(cells=list(cells))
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "my env", "language": "python", "name": "my-env"},
        "language_info": {"name": "python", "version": "3.11.2"},
        "widgets": {"a": 1},
    })  # fmt: skip
    nbformat.write(notebook, path)
    return path


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def run(monkeypatch, folder, *paths):
    """Run the command on a book; return its exit code."""
    monkeypatch.setattr(refresh, "BOOK", folder)
    try:
        refresh.main([str(p) for p in paths])
    except SystemExit as stopped:
        return stopped.code
    return 0


FIGURE = """
from IPython.display import SVG, HTML, display
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2"/></svg>'))
display(HTML("<p>seven</p>"))
"""


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """One notebook with something of everything, refreshed; the folder and what was printed."""
    folder = tmp_path_factory.mktemp("book")
    text = V4.new_markdown_cell("The share is **0%**<!--v share:.0%-->.")
    text.id = "text"
    path = write(
        folder / "01_small.ipynb",
        text,
        code(
            "import sys, time\n"
            "for part in 'abc':\n    print(part, end='', flush=True)\n    time.sleep(0.05)\n"
            "print('!')\nprint('to stderr', file=sys.stderr)\nprint('d')",
            1,
            execution={"iopub.execute_input": "2024-01-01T00:00:00"},
            collapsed=True,
            scrolled=False,
            editable=True,
            slideshow={},
            trusted=True,
            jupyter={"outputs_hidden": True},
            tags=["kept"],
        ),
        code("from lossutils.course import publish\nshare = 0.95\npublish(share=share)", 2),
        code("def half(x):\n    raise ValueError(f'x must be even; got {x}')\n\nhalf(3)", 3,
             tags=["raises-exception"]),
        code(FIGURE, 4),
        code("6 * 7", 5),
    )  # fmt: skip
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        exit_code = run(patch, folder, path)
    return path, exit_code, printed.getvalue()


def cell(path, identifier):
    return next(c for c in read(path)["cells"] if c["id"] == identifier)


def test_every_cell_was_executed_in_order(refreshed):
    path, exit_code, _ = refreshed
    counts = [c["execution_count"] for c in read(path)["cells"] if c["cell_type"] == "code"]
    assert counts == [1, 2, 3, 4, 5]
    assert exit_code == 0


def test_metadata_is_the_same_on_every_machine(refreshed):
    notebook = read(refreshed[0])
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
    }
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert cell(refreshed[0], "cell1")["metadata"] == {"tags": ["kept"]}
    assert "my-env" not in refreshed[0].read_text(encoding="utf-8")


def test_pieces_of_one_stream_are_joined_and_streams_kept_apart(refreshed):
    outputs = cell(refreshed[0], "cell1")["outputs"]
    # What goes to stdout after stderr is a piece of its own, unless the kernel sent it earlier.
    assert [o["name"] for o in outputs] in (["stdout", "stderr", "stdout"], ["stdout", "stderr"])
    assert "".join(outputs[0]["text"]).startswith("abc!\n")
    assert "".join(outputs[1]["text"]) == "to stderr\n"


def test_a_traceback_is_reduced_to_its_last_line(refreshed):
    (output,) = cell(refreshed[0], "cell3")["outputs"]
    assert output["traceback"] == ["ValueError: x must be even; got 3"]
    assert output["evalue"] == "x must be even; got 3"
    assert "\\u001b" not in refreshed[0].read_text(encoding="utf-8")


def test_prose_is_filled_in_from_what_was_published(refreshed):
    assert cell(refreshed[0], "text")["source"] == ["The share is **95%**<!--v share:.0%-->."]


def test_every_change_is_printed(refreshed):
    printed = refreshed[2]
    for line in (
        "01_small.ipynb: running, 1 of 1 ...",
        "  01_small.ipynb [1] import sys, time",
        "      +stdout: abc!",
        "      +published share = 0.95",
        "      +ValueError: x must be even; got 3",
        "      +figure ",
        "      +<p>seven</p>",
        "      +42",
        "01_small.ipynb: 5 changed outputs, ",
        "  01_small.ipynb cell 0: 0% -> 95%  (share)",
    ):
        assert line in printed


DRAW = """
from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2"/></svg>')
"""


@pytest.mark.parametrize(("x", "says"), [("1.01", "0 changed"), ("1.5", "0.50 point")])
def test_a_figure_is_stored_again_if_it_looks_different(tmp_path, monkeypatch, capsys, x, says):
    path = write(tmp_path / "a.ipynb", code(DRAW, 1))
    assert run(monkeypatch, tmp_path, path) == 0
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = DRAW.replace("M 1", f"M {x}")
    nbformat.write(notebook, path)
    capsys.readouterr()
    assert run(monkeypatch, tmp_path, path) == 0
    assert says in capsys.readouterr().out
    stored = "".join(cell(path, "cell1")["outputs"][0]["data"]["image/svg+xml"])
    assert (f"M {x}" in stored) == (says != "0 changed")


def test_no_temporary_file_is_left(refreshed):
    assert [p.name for p in refreshed[0].parent.iterdir()] == ["01_small.ipynb"]


def test_running_it_twice_changes_nothing(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "a.ipynb", code("x = 1\nprint(x)", 1), code("x", 2))
    assert run(monkeypatch, tmp_path, path) == 0
    once = path.read_bytes()
    capsys.readouterr()
    assert run(monkeypatch, tmp_path, path) == 0
    assert path.read_bytes() == once
    assert "a.ipynb: 0 changed outputs" in capsys.readouterr().out


def test_a_changed_number_is_shown_as_it_was_and_as_it_is(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "a.ipynb", code("print(f'MSE {0.05:.4f}')", 1))
    run(monkeypatch, tmp_path, path)
    path.write_text(path.read_text(encoding="utf-8").replace("0.05:", "0.06:"), encoding="utf-8")
    capsys.readouterr()
    assert run(monkeypatch, tmp_path, path) == 0
    printed = capsys.readouterr().out
    assert "      -stdout: MSE 0.0500\n      +stdout: MSE 0.0600\n" in printed
    assert "a.ipynb: 1 changed outputs" in printed


def test_a_long_change_is_cut_short(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "a.ipynb", code("for i in range(20):\n    print('x' * 200, i)", 1))
    run(monkeypatch, tmp_path, path)
    printed = capsys.readouterr().out
    assert "      ... and 8 more lines" in printed
    assert printed.count("+stdout: xxx") == 12
    assert max(map(len, printed.splitlines())) <= 160


def test_a_failing_cell_leaves_the_file_as_it_was(tmp_path, monkeypatch, capsys):
    text = V4.new_markdown_cell("From elsewhere: 0<!--v good.value-->.")
    text.id = "text"
    bad = write(tmp_path / "bad.ipynb", text, code("print('before')", 1), code("1 / 0", 2))
    good = write(
        tmp_path / "good.ipynb",
        code("from lossutils.course import publish\npublish(value=8)", 1),
    )
    before = bad.read_bytes()
    assert run(monkeypatch, tmp_path, bad, good) == 1
    assert bad.read_bytes() == before
    printed = capsys.readouterr().out
    assert "bad.ipynb: left as it was, because a cell failed:" in printed
    assert "ZeroDivisionError: division by zero" in printed
    assert "\x1b" not in printed
    # The others are refreshed all the same.
    assert "good.ipynb: 1 changed outputs" in printed
    assert cell(good, "cell1")["execution_count"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.ipynb", "good.ipynb"]


def test_a_dead_kernel_leaves_the_file_as_it_was(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "a.ipynb", code("import os\nos._exit(3)", 1))
    before = path.read_bytes()
    assert run(monkeypatch, tmp_path, path) == 1
    assert path.read_bytes() == before
    assert "a.ipynb: left as it was" in capsys.readouterr().out


def test_a_marker_without_a_value_fails_after_the_outputs_are_stored(tmp_path, monkeypatch, capsys):
    text = V4.new_markdown_cell("0<!--v nowhere-->")
    path = write(tmp_path / "a.ipynb", text, code("print(1)", 1))
    assert run(monkeypatch, tmp_path, path) == 1
    assert "no cell publishes 'a.nowhere': publish it" in capsys.readouterr().out
    assert cell(path, "cell1")["execution_count"] == 1


def test_a_notebook_of_an_older_format_gets_ids_that_stay(tmp_path, monkeypatch):
    path = write(tmp_path / "a.ipynb", code("print(1)", 1), code("print(2)", 2))
    old = read(path)
    old["nbformat_minor"] = 4
    for old_cell in old["cells"]:
        del old_cell["id"]
    path.write_text(json.dumps(old), encoding="utf-8")
    assert run(monkeypatch, tmp_path, path) == 0
    once = path.read_bytes()
    assert [c["id"] for c in read(path)["cells"]] == ["cell-0", "cell-1"]
    assert run(monkeypatch, tmp_path, path) == 0
    assert path.read_bytes() == once


def test_a_missing_file_stops_it_before_anything_runs(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "a.ipynb", code("print(1)", 1))
    before = path.read_bytes()
    message = run(monkeypatch, tmp_path, path, tmp_path / "b.ipynb")
    assert message == (
        f"no such notebook: {tmp_path / 'b.ipynb'}; run `make refresh NB=book/NAME.ipynb`"
    )
    assert path.read_bytes() == before
    assert capsys.readouterr().out == ""


def test_without_arguments_it_takes_every_notebook_in_reading_order(tmp_path, monkeypatch):
    for name in ("02_b.ipynb", "01_a.ipynb", ".hidden.ipynb", "index.md"):
        (tmp_path / name).touch()
    monkeypatch.setattr(refresh, "BOOK", tmp_path)
    assert [p.name for p in refresh.notebooks(refresh.BOOK)] == ["01_a.ipynb", "02_b.ipynb"]
    asked = []
    monkeypatch.setattr(refresh, "refresh", asked.append)
    monkeypatch.setattr(refresh.prose, "fill", lambda book, **_: [])
    refresh.main([])
    assert [p.name for p in asked] == ["01_a.ipynb", "02_b.ipynb"]


def test_other_notebooks_that_quote_a_changed_number_are_named(tmp_path, monkeypatch, capsys):
    quoting = V4.new_markdown_cell("It was 1<!--v first.share:.0f-->.")
    source = "from lossutils.course import publish\npublish(share=2)"
    first = write(tmp_path / "01_first.ipynb", V4.new_code_cell(source))
    write(tmp_path / "02_second.ipynb", quoting)
    assert run(monkeypatch, tmp_path, first) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "02_second.ipynb quotes a number that has changed: make refresh NB=book/02_second.ipynb"
    )
