"""The house: who may import whom, and that nobody goes in by the window."""

import re

import pytest

from tools.book import ROOT

SOURCES = sorted(p for p in (ROOT / "tools").rglob("*.py") if "__pycache__" not in p.parts)
IMPORT = re.compile(r"(?m)^ *(?:from|import) +([\w.]+)")
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))


@each_source
def test_nothing_is_imported_by_an_edited_path(path):
    found = re.findall(r"sys\.path\b|noqa: E402", path.read_text(encoding="utf-8"))
    assert not found, f"{found}: import tools.NAME, and run it with python -m tools.NAME"


@each_source
def test_no_tool_imports_a_test_and_extensions_import_tools_only_this_way(path):
    names = IMPORT.findall(path.read_text(encoding="utf-8"))
    assert not [n for n in names if n.split(".")[0] == "tests"], "move what both need into tools"
    if path.parent.name != "sphinx":
        assert not [n for n in names if n.startswith("tools.sphinx")], "extensions import tools"


def test_what_pages_look_like_is_no_python():
    found = [p for p in (ROOT / "site").rglob("*.py") if "node_modules" not in p.parts]
    assert not found, "extensions of Sphinx are in tools/sphinx"
