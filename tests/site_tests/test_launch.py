"""Where the course lives is one setting: with it there are launch buttons, without it none."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from .conftest import ROOT, SITE, parsed

MADE_UP = {
    "repository": "https://github.com/someone/losses",
    "site": "https://someone.example/losses/",
}
CHAPTER = "03_regression"
PAGES = (f"book/{CHAPTER}", "book/how_to_use", "book/bibliography")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """Build a few pages with a made-up address, without a network, beside the real site."""
    folder = tmp_path_factory.mktemp("launched")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = MADE_UP["repository"]
    config["html"]["baseurl"] = MADE_UP["site"]
    extensions = config["sphinx"]["local_extensions"]
    for name, path in extensions.items():
        extensions[name] = str(ROOT / path)
    # Names of losses that lead to pages that are not here would stop the build.
    extensions.pop("tools.sphinx.search")
    config["sphinx"]["config"]["extensions"].remove("tools.sphinx.search")
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    pages = [{"file": name} for name in PAGES]
    toc = {"format": "jb-book", "root": "book/index", "chapters": pages}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT]
    command += ["--path-output", folder]
    command += ["--config", folder / "_config.yml", "--toc", folder / "_toc.yml"]
    # As where only what `make book` installs is there.
    missing = ("torch", "scipy", "jupyterlab", "nbval", "pytest", "playwright", "hypothesis")
    blocked = f"import sys; sys.modules.update(dict.fromkeys({missing}))"
    (folder / "sitecustomize.py").write_text(blocked, encoding="utf-8")
    paths = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    built = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": paths}
    )
    assert built.returncode == 0, built.stderr[-2000:]
    return folder / "_build" / "html"


def parsed_there(site, name):
    """Return a file of the other build as a tree."""
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def chapter_links(site):
    page = parsed_there(site, f"book/{CHAPTER}.html")
    return {a.get_text(): a["href"] for a in page.select(".chapter-links a")}


def first_code_cell(site):
    text = (site / "workbooks" / f"{CHAPTER}_workbook.ipynb").read_text(encoding="utf-8")
    return next(c for c in json.loads(text)["cells"] if c["cell_type"] == "code")


def test_without_an_address_there_are_no_launch_buttons():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    if settings["repository"]["url"]:
        pytest.skip("the address is set; the other test covers that")
    assert set(chapter_links(SITE)) == {"Download the workbook", "Slides"}
    assert "http" not in "".join(first_code_cell(SITE)["source"])


def test_with_an_address_the_buttons_open_the_workbook(launched):
    links = chapter_links(launched)
    path = f"workbooks/{CHAPTER}_workbook.ipynb"
    colab = f"https://colab.research.google.com/github/someone/losses/blob/gh-pages/{path}"
    binder = f"https://mybinder.org/v2/gh/someone/losses/gh-pages?labpath=workbooks%2F{CHAPTER}"
    assert links["Open in Colab"] == colab
    assert links["Open in Binder"] == f"{binder}_workbook.ipynb"
    assert (launched / path).is_file()


def test_with_an_address_the_workbook_installs_the_wheel_that_the_site_carries(launched):
    source = "".join(first_code_cell(launched)["source"])
    wheel = next((launched / "workbooks").glob("lossutils-*.whl"))
    assert f"{MADE_UP['site']}workbooks/{wheel.name}" in source
    assert wheel.name in (launched / "requirements.txt").read_text(encoding="utf-8")


def test_the_wheel_installs_and_brings_the_exercises(launched, tmp_path):
    wheel = next((launched / "workbooks").glob("lossutils-*.whl"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", tmp_path, wheel], check=True)
    code = "import lossutils, lossutils.exercises; print(lossutils.__file__)"
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path) in shown.stdout


def head(page):
    """Return what a page says about itself, by property or name."""
    metas = {m.get("property") or m.get("name"): m["content"] for m in page.select("meta[content]")}
    links = {link["rel"][0]: link["href"] for link in page.select("head link[rel]")}
    return metas, links


def test_with_an_address_pages_say_where_they_are(launched):
    metas, links = head(parsed_there(launched, f"book/{CHAPTER}.html"))
    assert links["canonical"] == metas["og:url"] == f"{MADE_UP['site']}book/{CHAPTER}.html"
    assert metas["og:image"] == f"{MADE_UP['site']}_static/social.png"
    assert (launched / "_static" / "social.png").read_bytes()[:4] == b"\x89PNG"


def test_without_an_address_pages_do_not_guess_one():
    metas, links = head(parsed(f"book/{CHAPTER}.html"))
    assert metas["og:title"].endswith("Regression: MSE, MAE, Huber")
    assert not {"og:url", "og:image"} & set(metas)
    assert "canonical" not in links
    assert not (SITE / "sitemap.xml").exists()


def test_with_an_address_there_is_a_map_of_the_site(launched):
    addresses = [loc.text for loc in ET.parse(launched / "sitemap.xml").iter(f"{SITEMAP}loc")]
    assert addresses
    for address in addresses:
        assert (launched / address.removeprefix(MADE_UP["site"])).is_file(), address
    pages = {f"{MADE_UP['site']}book/{p.name}" for p in launched.glob("book/*.html")}
    assert pages <= set(addresses)
    assert f"{MADE_UP['site']}sitemap.xml" in (launched / "robots.txt").read_text("utf-8")


def test_a_fault_can_be_reported_with_page_and_version_filled_in(launched):
    page = parsed_there(launched, f"book/{CHAPTER}.html")
    report = page.find("a", string="Something wrong on this page?")["href"]
    assert report.startswith(f"{MADE_UP['repository']}/issues/new?")
    assert f"book%2F{CHAPTER}" in report
    assert "Version%3A%200." in report
    assert "Something wrong" not in (SITE / "book" / f"{CHAPTER}.html").read_text("utf-8")


def test_the_missing_page_finds_its_way_from_any_depth(launched):
    missing = parsed_there(launched, "404.html")
    assert missing.select_one("base")["href"] == MADE_UP["site"]
    assert parsed("404.html").base is None


def test_every_page_describes_itself_in_its_own_words():
    described = {}
    for path in sorted(SITE.glob("book/*.html")):
        metas, _ = head(parsed(f"book/{path.name}"))
        described.setdefault(metas.get("description"), []).append(path.name)
    assert None not in described
    shared = [names for names in described.values() if len(names) > 1]
    assert not shared, f"these pages have the same description: {shared}"
