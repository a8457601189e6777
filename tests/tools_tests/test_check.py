"""`make test` runs every part and times it; `make check` runs what hangs on a notebook."""

import re
import subprocess
import sys

import pytest

from tools import build, check_all, check_notebook
from tools.book import BOOK, ROOT

SAY = [sys.executable, "-c"]


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(check_all, "CORES", 2)


def order(said):
    """Return what began and what was said, in its order."""
    return re.findall(r"== \d of \d: (\w+)|^(done \w+)", said, re.MULTILINE)


def test_parts_begin_in_their_order_and_as_many_at_a_time_as_there_are_cores(two_cores, capsys):
    slow = "import time; time.sleep(1.5); print('done slow')"
    done = check_all.run([
        check_all.Part("slow", [*SAY, slow]),
        check_all.Part("quick", [*SAY, "print('done quick')"]),
        check_all.Part("wide", [*SAY, "print('done wide')"], workers=2),
        check_all.Part("last", [*SAY, "print('done last')"]),
    ])  # fmt: skip
    assert [part.name for part in done] == ["quick", "slow", "wide", "last"]
    assert ["".join(pair) for pair in order(capsys.readouterr().out)] == [
        "slow", "quick", "done quick", "done slow", "wide", "done wide", "last", "done last",
    ]  # fmt: skip
    assert done[1].seconds > 1.4


def test_all_parts_run_and_what_failed_is_named_at_the_end(two_cores, capsys):
    parts = [
        check_all.Part("wrong", [*SAY, "import sys; sys.exit('the reason')"]),
        check_all.Part("right", [*SAY, "print('fine')"]),
    ]
    with pytest.raises(SystemExit, match=r"^make test: failed: wrong$"):
        check_all.report(check_all.run(parts), "make test", 3.0)
    said = capsys.readouterr().out
    assert "the reason" in said
    assert re.search(r"(?m)^ +\d+  wrong  FAILED: see above$", said)
    assert re.search(r"(?m)^ +\d+  right$", said)
    assert re.search(r"(?m)^ +3  in all, on 2 cores$", said)
    assert "everything passed" not in said


def test_it_says_how_far_the_parts_are(two_cores, capsys, monkeypatch):
    monkeypatch.setattr(check_all, "EVERY", 0.3)
    dots = "import time; print('.... [ 12%]', flush=True); time.sleep(1)"
    silent = "import time; time.sleep(1)"
    check_all.run([check_all.Part("dots", [*SAY, dots]), check_all.Part("silent", [*SAY, silent])])
    assert "   dots 12%, silent has begun\n" in capsys.readouterr().out


@pytest.mark.parametrize("cores", [2, 8])
def test_every_check_of_the_makefile_is_a_part_and_fits(monkeypatch, cores):
    monkeypatch.setattr(check_all, "CORES", cores)
    parts = check_all.parts()
    targets = re.findall(r"(?m)^(check-\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert {part.name for part in parts} == {*targets, "book"}
    assert max(part.workers for part in parts) == cores
    names = [part.name for part in parts]
    assert names.index("book") < names.index("check-site")
    assert all(f"WORKERS={part.workers}" in part.command for part in parts)
    assert "BUILT=1" in parts[-1].command  # by the part before


@pytest.mark.parametrize(
    "name", ["05_multiclass.ipynb", "book/index.md", "book/99.ipynb", "book/../Makefile"]
)
def test_what_is_no_notebook_of_the_book_is_refused(name):
    with pytest.raises(SystemExit, match=r"NB must name notebooks of the book \(.*01_intro") as end:
        check_notebook.main([name])
    assert f"got '{name}'" in end.value.code


def test_without_a_name_it_takes_what_differs_from_the_last_commit(tmp_path, monkeypatch):
    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    names = ["01_a.ipynb", "02_b.ipynb", "03 c.ipynb", "04_d.ipynb"]
    book = tmp_path / "book"
    book.mkdir()
    git("init")
    for name in names[:3]:
        (book / name).write_text("1", encoding="utf-8")
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a", "commit", "-m", "first")
    monkeypatch.setattr(check_notebook, "ROOT", tmp_path)
    monkeypatch.setattr(check_notebook, "notebooks", lambda: sorted(book.glob("*.ipynb")))
    with pytest.raises(SystemExit, match="no notebook differs from the last commit"):
        check_notebook.main([])
    (book / names[1]).write_text("2", encoding="utf-8")
    (book / names[2]).write_text("2", encoding="utf-8")
    git("add", "book/03 c.ipynb")
    (book / names[3]).write_text("new", encoding="utf-8")
    assert [path.name for path in check_notebook.changed()] == names[1:]


def test_the_tests_of_a_notebook_are_found_by_its_name_and_its_exercises():
    assert check_notebook.about(["05_multiclass", "errata"]) == "05_multiclass or errata or [5."
    parts = {
        part.name: part.command for part in check_notebook.parts([BOOK / "05_multiclass.ipynb"])
    }
    assert str(BOOK / "05_multiclass.ipynb") in parts["outputs"]
    assert "tools.nbval_plugin" in parts["outputs"]
    code = parts["words, figures and exercises"]
    assert all((ROOT / name).exists() for name in check_notebook.CODE)
    found = subprocess.run(
        [*code, "--collect-only"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for part in ("test_prose", "test_figures", "test_workbooks", "test_slides", "[5.1]"):
        assert part in found, f"nothing of {part} hangs on chapter 5"
    assert "[4.1]" not in found
    assert "04_binary" not in found


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A repository with a stub in the place of jupyter-book."""
    for name, path in {
        "ROOT": tmp_path,
        "KEPT": tmp_path / "kept",
        "SITE_SOURCES": tmp_path / "site",
        "JUPYTER_BOOK": tmp_path / "jupyter-book",
    }.items():
        monkeypatch.setattr(build, name, path)
    (tmp_path / "_config.yml").touch()
    (tmp_path / "jupyter-book").write_text('#!/bin/sh\nmkdir -p "$4"; echo "$@" > "$4/asked"\n')
    (tmp_path / "jupyter-book").chmod(0o755)
    return tmp_path


def test_all_pages_are_built_once_and_again_after_a_change_of_what_shapes_them(kept):
    assert build.build_pages([]) == kept / "kept/_build/html"
    assert "-W -n --keep-going" in (kept / "kept/asked").read_text(encoding="utf-8")
    assert build.is_kept()
    newer = kept / "tools" / "sphinx" / "light.py"
    newer.parent.mkdir(parents=True)
    newer.touch()
    assert not build.is_kept()


def test_a_build_of_all_pages_that_fails_is_not_kept(kept):
    (kept / "jupyter-book").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(subprocess.CalledProcessError):
        build.build_pages([])
    assert not build.is_kept()
