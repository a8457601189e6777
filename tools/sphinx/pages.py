"""How the course's pages are built: theme, formulas, and what every page gets without asking.

A Sphinx extension. Everything that a page loads comes from the site itself, so the site works
offline and asks no other server for anything.
"""

import re
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

from tools import assets
from tools.book import BOOK, SITE, version
from tools.sphinx import light


def prepare_assets(app):
    """Collect fonts, KaTeX's styles and the code colors into the static files of this build."""
    if app.builder.format != "html":
        return
    if not assets.KATEX.is_dir():
        raise ExtensionError(
            "site/node_modules is missing: run `make setup` (or `npm ci` in site/)"
        )
    target = Path(app.outdir) / "_static"
    assets.copy_fonts(target / "fonts")
    assets.copy_katex(target / "katex" / "katex.min.css", target / "katex" / "fonts")
    (target / "code.css").write_text(light.code_colors(), encoding="utf-8")


def write_styles(app, exception):
    """Write the one style sheet that every page asks for."""
    if exception is None and app.builder.format == "html":
        light.write_styles(Path(app.outdir))


def page_context(app, pagename, templatename, context, doctree):
    """Give the templates what they show, and the text what it needs."""
    context["course_version"] = version()
    context["styles_version"] = app.config.course_styles_version
    context["page_scripts"] = [js for js in context["script_files"] if is_ours(js)]
    toctree = context["toctree"](maxdepth=1, collapse=False, includehidden=True, titles_only=True)
    context["course_toc"] = tidy(toctree)
    context["page_toc"] = page_toc(context)
    if context.get("body"):
        sizes = {name: svg_size(source) for source, name in app.builder.images.items()}
        context["body_tree"] = tidied(context["body"], sizes)
        images = Path(app.outdir) / "_images"
        light.lighten(context["body_tree"], images, context["pathto"]("_images/", 1))
        context["formula_styles"] = light.thin_formulas(context["body_tree"])
    if doctree is not None:
        context["page_description"] = description(doctree)


def write_body(app, pagename, templatename, context, doctree):
    """Write the text, which other extensions have changed as a tree: to parse it takes long."""
    if "body_tree" in context:
        context["body"] = str(context.pop("body_tree"))


def is_ours(script):
    """Tell whether a script belongs on every page."""
    return Path(str(script.filename)).name in {"course.js"}


def description(doctree):
    """Return the first paragraph of a page, for search engines and link previews."""
    for node in doctree.findall(lambda n: n.tagname == "paragraph"):
        text = " ".join(node.astext().split())
        if len(text) > 40:
            return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + " ..."
    return ""


def page_toc(context):
    """Return the page's own table of contents, without the title, or nothing if it is short."""
    if not context.get("display_toc") or not context.get("toc"):
        return ""
    soup = BeautifulSoup(context["toc"], "html.parser")
    inner = soup.select_one("ul > li > ul")
    if inner is None or len(inner.find_all("li")) < 2:
        return ""
    for code in inner.find_all("code"):
        code.attrs = {}
        code.string = code.get_text()
    return str(inner)


def is_wide(table):
    """Tell whether a table has many columns, some of them formulas, which must not break."""
    row = table.select_one("tbody tr")
    return row and len(row.find_all("td")) >= 5 and len(light.of_class(table("span"), "katex")) > 5


def set_as_cards(table):
    """Let each row be a card, with the heading of its column before each cell (course.css)."""
    table["class"] = [*table.get("class", ()), "cards"]
    # A table that is laid out otherwise has to be called one.
    table["role"] = "table"
    for row in table.find_all("tr"):
        row["role"] = "row"
    headings = table.select("thead th")
    for heading in headings:
        heading["role"] = "columnheader"
    for row in table.select("tbody tr"):
        for heading, cell in zip(headings, row.find_all("td"), strict=True):
            cell["role"], cell["data-heading"] = "cell", heading.get_text().strip()


def svg_size(path):
    """Return the width and height of an SVG file in CSS pixels, or None for another file."""
    path = Path(path)
    if path.suffix != ".svg":
        return None
    with path.open(encoding="utf-8") as file:
        head = file.read(2000)
    match = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', head)
    return tuple(round(float(points) * 4 / 3) for points in match.groups()) if match else None


def tidy(html):
    """Return a piece of finished HTML, mended."""
    return str(tidied(html))


def tidied(html, sizes=None):
    """Mend in the finished HTML what browsers and screen readers trip over, and return the tree.

    `sizes` gives the width and height of images by file name: with them a page does not jump
    while its figures arrive.
    """
    soup = BeautifulSoup(html, "html.parser")
    links = soup.find_all("a")
    for link in light.of_class(links, "current", "reference"):
        link["aria-current"] = "page"
    for caption in light.of_class(soup.find_all("p"), "caption"):
        if caption.get("role") == "heading":
            del caption["role"]
    for entry in soup.find_all(True):
        if entry.get("role") == "doc-biblioentry":
            entry["role"] = "listitem"  # its own role is deprecated, and not allowed in a list
    for link in light.of_class(links, "headerlink"):
        heading = link.parent.get_text().replace("#", "").strip()
        link["aria-label"] = f"Link to “{heading[:80]}”"
    for part in soup.find_all("section"):
        if part.get("id") in ("exercise-content", "solution-content"):
            part.unwrap()  # sphinx-exercise gives every exercise of a page the same id
    for box in light.of_class(soup.find_all("div"), "dropdown"):
        if {"admonition", "solution"} & set(box["class"]):
            fold(soup, box)
    for table in soup.find_all("table"):
        if "field-list" not in table.get("class", []):
            table.wrap(soup.new_tag("div", attrs={"class": "table-scroll"}))
        if is_wide(table):
            set_as_cards(table)
    for heading in soup.find_all("th"):
        if not heading.has_attr("scope"):
            heading["scope"] = "row" if heading.parent.find_parent("tbody") else "col"
    for image in soup.find_all("img"):
        image["decoding"] = "async"
        image["loading"] = "lazy"
        size = (sizes or {}).get(Path(image["src"]).name)
        if size:
            image["width"], image["height"] = size
    return soup


def fold(soup, box):
    """Turn a box of class `dropdown` into an element that opens and closes without script."""
    title = box.find(class_="admonition-title")
    box.name = "details"
    if title is not None:
        title.name = "summary"
        for link in title.select("a"):
            link.unwrap()  # or a click on the title would jump instead of opening the box
    return box


def setup(app: Sphinx):
    """Register with Sphinx."""
    assets.prepare_katex()
    # Broken LaTeX must fail the build instead of showing in red on the page.
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    app.add_html_theme("course", str(SITE / "theme"))
    app.add_js_file("course.js", loading_method="defer")
    # Jupyter Book sets this for an extension (comment services) that the course does not load.
    app.add_config_value("comments_config", {}, "html")
    sources = [*SITE.glob("static/*.css"), *BOOK.glob("*.*"), SITE / "package-lock.json"]
    app.add_config_value("course_styles_version", light.styles_version(sources), "html")
    app.connect("builder-inited", prepare_assets)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("html-page-context", write_body, priority=990)
    app.connect("build-finished", write_styles)
    return {"version": version(), "parallel_read_safe": True, "parallel_write_safe": True}
