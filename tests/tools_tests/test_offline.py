"""The zip holds the whole site, and the same site gives the same bytes."""

import os
import zipfile

import pytest

from tools import offline


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "html"
    (site / "book").mkdir(parents=True)
    (site / "index.html").write_text("front", encoding="utf-8")
    (site / "book" / "one.html").write_text("one", encoding="utf-8")
    (site / ".buildinfo").write_text("of the builder", encoding="utf-8")
    for name in offline.LICENSES:
        (tmp_path / name).write_text("terms", encoding="utf-8")
    return site


def zipped(site, name):
    return offline.write_zip(site, site.parent / name, site.parent)


def test_the_zip_holds_the_site_and_its_licenses_in_one_folder(site):
    with zipfile.ZipFile(zipped(site, "a.zip")) as archive:
        names = archive.namelist()
        assert archive.read("loss-functions-book/book/one.html") == b"one"
    assert names == [
        "loss-functions-book/LICENSE-CC-BY-4.0.txt",
        "loss-functions-book/LICENSE.txt",
        "loss-functions-book/book/one.html",
        "loss-functions-book/index.html",
    ]
    assert [path.name for path in site.parent.glob("a.*")] == ["a.zip"]


def test_the_same_site_gives_the_same_bytes(site):
    first = zipped(site, "a.zip").read_bytes()
    page = site / "index.html"
    page.unlink()
    page.write_text("front", encoding="utf-8")  # another date, another place in the folder
    os.utime(page, (0, 2e9))
    page.chmod(0o600)
    assert zipped(site, "b.zip").read_bytes() == first
    page.write_text("other", encoding="utf-8")
    assert zipped(site, "c.zip").read_bytes() != first
