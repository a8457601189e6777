"""What a page says about itself: to search engines, link previews, and readers who find a fault.

A Sphinx extension. Addresses are written only where the course's own address is set in
_config.yml; without it every page still works, and says nothing that could be wrong.
"""

from pathlib import Path
from urllib.parse import quote, urlencode

import matplotlib as mpl
from matplotlib.figure import Figure
from sphinx.application import Sphinx

from tools.book import BOOK

SOCIAL = "_static/social.png"
TOUCH_ICON = "_static/icon.png"
BLUE, ORANGE, INK, PAPER = "#0b5394", "#b03f00", "#1d2126", "#fffefb"


def page_meta(app, pagename, templatename, context, doctree):
    """Give the template what the page says about itself."""
    base = (app.config.html_baseurl or "").rstrip("/")
    if pagename == "search":
        context["page_description"] = "Find a loss by any of its names, a term, or a section."
    context["canonical"] = f"{base}/{pagename}.html" if base else ""
    context["social_image"] = f"{base}/{SOCIAL}" if base else ""
    context["touch_icon"] = TOUCH_ICON
    context["report_link"] = report_link(app.config, pagename, context)
    # A missing page is shown at addresses of any depth, so its links need a fixed start.
    context["base_address"] = f"{base}/" if base and pagename == "404" else ""


def report_link(config, pagename, context):
    """Return the address that opens an issue about this page, or nothing while it is unknown."""
    repository = (config.html_theme_options.get("repository_url") or "").rstrip("/")
    if not repository:
        return ""
    text = (
        f"Page: {pagename}\nVersion: {context['course_version']}\n\n"
        "What is wrong, and where on the page?\n"
    )
    fields = {"title": f"{pagename.removeprefix('book/')}: ", "body": text}
    return f"{repository}/issues/new?{urlencode(fields, quote_via=quote)}"


def missing_page(app):
    """Add the page that a server shows for an address that does not exist."""
    yield (
        "404",
        {"title": "Page not found", "page_description": "There is no such page."},
        "404.html",
    )


def write_pictures(static, title):
    """Draw the picture for link previews and the icon for phones: the two losses of the mark."""
    # A browser shows neither beside the text, so they need no font of the course.
    with mpl.rc_context({"font.family": "DejaVu Sans", "savefig.facecolor": PAPER}):
        figure = Figure(figsize=(12, 6.3), dpi=100)
        draw_mark(figure.add_axes((0.62, 0.16, 0.32, 0.68)), 13)
        first, last = title.rsplit(" ", 2)[0], " ".join(title.rsplit(" ", 2)[1:])
        figure.text(0.07, 0.62, first, fontsize=50, weight="bold", color=INK)
        figure.text(0.07, 0.47, last, fontsize=50, weight="bold", color=INK)
        figure.text(0.07, 0.33, "Every number and every figure", fontsize=25, color=INK)
        figure.text(0.07, 0.255, "computed again, and compared.", fontsize=25, color=INK)
        figure.savefig(static / "social.png", metadata={"Software": None})
        icon = Figure(figsize=(1.8, 1.8), dpi=100)
        draw_mark(icon.add_axes((0.14, 0.14, 0.72, 0.72)), 11)
        icon.savefig(static / "icon.png", metadata={"Software": None})


def draw_mark(axes, width):
    """Draw the squared and the absolute loss."""
    steps = [index / 50 - 1 for index in range(101)]
    look = {"linewidth": width, "solid_capstyle": "round", "solid_joinstyle": "round"}
    axes.plot(steps, [2 * step**2 for step in steps], color=BLUE, **look)
    axes.plot([-1, 0, 1], [1.1, 0, 1.1], color=ORANGE, **look)
    axes.axis("off")


def write_site_files(app, exception):
    """Write the pictures, and for a known address the map of the site and what crawlers read."""
    if exception is not None or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    write_pictures(outdir / "_static", app.config.html_title)
    base = (app.config.html_baseurl or "").rstrip("/")
    if not base:
        return
    pages = [f"{base}/{name}.html" for name in sorted(app.env.found_docs)]
    pages += [f"{base}/slides/{path.stem}.html" for path in sorted(BOOK.glob("slides/*.md"))]
    entries = "\n".join(f"<url><loc>{page}</loc></url>" for page in pages)
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}\n</urlset>\n'
    )
    (outdir / "sitemap.xml").write_text(sitemap, encoding="utf-8")
    robots = f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n"
    (outdir / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx):
    """Register with Sphinx."""
    app.connect("html-collect-pages", missing_page)
    # After `tools.sphinx.pages`, whose version and description it uses.
    app.connect("html-page-context", page_meta, priority=905)
    app.connect("build-finished", write_site_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
