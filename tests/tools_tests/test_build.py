"""A failed build leaves the last good site where it was; the zip holds the whole of a good one."""

import os
import zipfile

import pytest

from tools import book, build

GOOD = """#!/bin/sh
echo "$@" > "{root}/arguments"
mkdir -p "$4/_build/html" && echo new > "$4/_build/html/index.html"
exit {code}
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A repository with a site in it and a stub in the place of jupyter-book."""
    for name, path in {
        "ROOT": tmp_path,
        "BUILD": tmp_path / "_build",
        "STAGING": tmp_path / "_build/staging",
        "SITE": tmp_path / "_build/html",
        "ZIP": tmp_path / "_build/loss-functions-book.zip",
        "JUPYTER_BOOK": tmp_path / "jupyter-book",
    }.items():
        monkeypatch.setattr(build, name, path)
    return tmp_path


@pytest.fixture
def site(root):
    site = root / "_build" / "html"
    site.mkdir(parents=True)
    (site / "index.html").write_text("old\n", encoding="utf-8")
    (site / "gone.html").write_text("of the last build\n", encoding="utf-8")
    return site


def stub(root, code=0, script=GOOD):
    program = root / "jupyter-book"
    program.write_text(script.format(root=root, code=code), encoding="utf-8")
    program.chmod(0o755)


def test_a_good_build_takes_the_place_of_the_old_site(root, site, capsys):
    stub(root)
    build.main()
    assert [p.name for p in site.iterdir()] == ["index.html"]
    assert (site / "index.html").read_text(encoding="utf-8") == "new\n"
    made = {p.name for p in (root / "_build").iterdir()}
    assert made == {"html", "loss-functions-book.zip"}
    assert f"Open {site / 'index.html'}" in capsys.readouterr().out


def test_the_first_build_needs_no_old_site(root):
    stub(root)
    build.main()
    assert (root / "_build/html/index.html").read_text(encoding="utf-8") == "new\n"


def test_warnings_are_errors_and_all_are_shown(root):
    stub(root)
    build.main()
    arguments = (root / "arguments").read_text(encoding="utf-8").split()
    assert arguments[:2] == ["build", str(root)]
    assert {"--all", "-W", "-n", "--keep-going"} <= set(arguments)


@pytest.mark.parametrize(
    ("code", "script"),
    [(1, GOOD), (2, "#!/bin/sh\nexit {code}\n"), (0, "#!/bin/sh\nexit {code}\n")],
    ids=["failed at its end", "failed at its start", "wrote no site"],
)
def test_a_failed_build_leaves_the_last_good_site(root, site, code, script):
    stub(root, code, script)
    with pytest.raises(SystemExit) as stopped:
        build.main()
    assert "The build failed: look above for the first WARNING or ERROR." in stopped.value.code
    assert f"The last good site is still in {site}." in stopped.value.code
    assert (site / "index.html").read_text(encoding="utf-8") == "old\n"
    assert (site / "gone.html").is_file()


def test_a_failed_first_build_promises_no_site(root):
    stub(root, 1)
    with pytest.raises(SystemExit, match="The build failed") as stopped:
        build.main()
    assert "last good site" not in stopped.value.code
    assert not (root / "_build/html").exists()


def test_a_good_build_after_a_failed_one(root, site):
    stub(root, 1)
    with pytest.raises(SystemExit):
        build.main()
    stub(root)
    build.main()
    assert (site / "index.html").read_text(encoding="utf-8") == "new\n"


def test_without_jupyter_book_it_says_how_to_get_it(root, site):
    with pytest.raises(SystemExit, match="run `make book`"):
        build.main()
    assert (site / "index.html").read_text(encoding="utf-8") == "old\n"


def test_the_zip_holds_the_site_and_its_licenses_in_one_folder(root, site):
    for name in (".buildinfo", "book.html"):
        (site / name).write_text("one", encoding="utf-8")
    for name in build.LICENSES:
        (root / name).write_text("terms", encoding="utf-8")
    with zipfile.ZipFile(book.write_zip(build.ZIP, build.contents())) as archive:
        names = archive.namelist()
        assert archive.read("loss-functions-book/book.html") == b"one"
    assert names == [
        "loss-functions-book/LICENSE-CC-BY-4.0.txt",
        "loss-functions-book/LICENSE.txt",
        "loss-functions-book/book.html",
        "loss-functions-book/gone.html",
        "loss-functions-book/index.html",
    ]
    assert [path.name for path in build.BUILD.glob("*.*")] == [build.ZIP.name]


def test_the_same_files_give_the_same_zip(tmp_path):
    page = tmp_path / "page"
    page.write_text("front", encoding="utf-8")
    first = book.write_zip(tmp_path / "a.zip", {"a": page}).read_bytes()
    os.utime(page, (0, 2e9))
    page.chmod(0o600)
    assert book.write_zip(tmp_path / "b.zip", {"a": page}).read_bytes() == first
    page.write_text("other", encoding="utf-8")
    assert book.write_zip(tmp_path / "c.zip", {"a": page}).read_bytes() != first
