"""What the site offers besides pages: workbooks, slides, the package, and where to open them.

A Sphinx extension. Everything is made from the same notebooks as the pages, at the end of the
build, and each chapter gets the links to its own.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.util import logging

from tools import slides, workbooks
from tools.book import BOOK, ROOT, load
from tools.sphinx.light import of_class

# What the package is built from; a copy, so that the build leaves nothing in the repository.
PACKAGE = ("lossutils", "pyproject.toml", "README.md", "LICENSE", "LICENSE-CC-BY-4.0")

logger = logging.getLogger(__name__)


def addresses(config):
    """Return where the course lives, ``{"repository", "branch", "site"}``; empty while unknown."""
    theme = config.html_theme_options
    return {
        "repository": (theme.get("repository_url") or "").rstrip("/"),
        "branch": theme.get("repository_branch") or "",
        "site": (config.html_baseurl or "").rstrip("/"),
    }


def launch_links(workbook, places):
    """Return ``(label, address)`` of the services that open a workbook; none while unknown.

    Both read it from the branch that holds the published site, because a workbook is made by
    the build and is never committed beside its source.
    """
    owner_and_name = places["repository"].removeprefix("https://github.com/")
    if not places["repository"] or owner_and_name == places["repository"]:
        return []
    branch, path = quote(places["branch"]), quote(workbook, safe="")
    colab = f"https://colab.research.google.com/github/{owner_and_name}/blob/{branch}/{workbook}"
    binder = f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?labpath={path}"
    return [("Open in Colab", colab), ("Open in Binder", binder)]


def chapter_links(stem, places):
    """Return ``(label, address, is a download)`` for what a chapter has besides its page."""
    links = []
    if workbooks.has_exercises(load(BOOK / f"{stem}.ipynb")):
        workbook = f"workbooks/{stem}_workbook.ipynb"
        links.append(("Download the workbook", f"../{workbook}", True))
        links += [(label, address, False) for label, address in launch_links(workbook, places)]
    if (BOOK / "slides" / f"{stem}.md").exists():
        links.append(("Slides", f"../slides/{stem}.html", False))
    return links


def add_links(app, pagename, templatename, context, doctree):
    """Put a chapter's links into its opening box."""
    path = ROOT / f"{pagename}.ipynb"
    if "body_tree" not in context or not path.exists():
        return
    links = chapter_links(path.stem, addresses(app.config))
    soup = context["body_tree"]
    box = next(iter(of_class(soup.find_all(True), "admonition", "objectives")), None)
    if not links or box is None:
        return
    line = soup.new_tag("p", attrs={"class": "chapter-links"})
    for label, address, download in links:
        link = soup.new_tag("a", href=address)
        link.string = label
        if download:
            link["download"] = ""
        line.append(link)
        line.append(" ")
    box.append(line)


def build_wheel(outdir):
    """Build lossutils as a wheel into `outdir` and return its path."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PACKAGE:
            source = ROOT / name
            if source.is_dir():
                # Python may be writing its caches meanwhile, under names that do not stay.
                caches = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, Path(folder) / name, ignore=caches)
            else:
                shutil.copy(source, folder)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        # Isolation would fetch the build's own requirements from the network.
        command += ["--no-build-isolation", "--wheel-dir", str(outdir), folder]
        subprocess.run(command, check=True)
    return next(Path(outdir).glob("lossutils-*.whl"))


def write_downloads(app, exception):
    """Write workbooks, slides, the package and what Binder installs into the finished site."""
    if exception is not None or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    workbook_dir = outdir / "workbooks"
    workbook_dir.mkdir(exist_ok=True)
    logger.info("writing slides ...")
    slides.render_all(BOOK, outdir / "slides")
    logger.info("building lossutils ...")
    wheel = build_wheel(workbook_dir)
    logger.info("writing workbooks ...")
    site = addresses(app.config)["site"]
    install_from = f"{site}/workbooks/{wheel.name}" if site else ""
    workbooks.write_all(BOOK, workbook_dir, install_from=install_from, site=site)
    write_binder_requirements(outdir, wheel)


def write_binder_requirements(outdir, wheel):
    """Write what Binder needs to run a workbook from the published branch."""
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in pinned if line.startswith(("numpy", "matpl"))]
    lines = [*wanted, f"./workbooks/{wheel.name}"]
    (outdir / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app: Sphinx):
    """Register with Sphinx."""
    # After `tools.sphinx.pages` has tidied the page.
    app.connect("html-page-context", add_links, priority=910)
    app.connect("build-finished", write_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
