"""Where the course lives is one setting: with it there are launch buttons, without it none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from .conftest import ROOT, SITE

MADE_UP = {
    "repository": "https://github.com/someone/losses",
    "site": "https://someone.example/losses/",
}
CHAPTER = "03_regression"


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """Build the site with a made-up address, without a network, beside the real one."""
    folder = tmp_path_factory.mktemp("launched")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = MADE_UP["repository"]
    config["html"]["baseurl"] = MADE_UP["site"]
    extensions = config["sphinx"]["local_extensions"]
    for name, path in extensions.items():
        extensions[name] = str(ROOT / path)
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = [
        Path(sys.executable).with_name("jupyter-book"),
        "build",
        ROOT,
        "--path-output",
        folder,
    ]
    options = ["--config", folder / "_config.yml", "--toc", ROOT / "_toc.yml", "-W", "-n"]
    built = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    return folder / "_build" / "html"


def chapter_links(site):
    page = BeautifulSoup((site / "book" / f"{CHAPTER}.html").read_text("utf-8"), "html.parser")
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
