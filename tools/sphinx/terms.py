"""The glossary, linked both ways: from where a term is defined to its entry, and back to there.

A Sphinx extension. Bold type means a definition; bold words that are a term of the glossary
become a link to it, and the entry's link to the chapter leads to those very words.
"""

from docutils import nodes
from sphinx.addnodes import glossary
from sphinx.application import Sphinx

GLOSSARY = "book/glossary"


def entry_of(words, terms):
    """Return the glossary's id for bold words, as they stand or without a plural s; or None."""
    words = " ".join(words.lower().split())
    for form in (words, words.removesuffix("s"), words.removesuffix("es")):
        if form in terms:
            return terms[form]
    return None


def glossary_terms(env):
    """Return the id of each term's entry, by the term in lower case."""
    objects = env.get_domain("std").objects
    return {
        name.lower(): anchor
        for (kind, name), (docname, anchor) in objects.items()
        if kind == "term" and docname == GLOSSARY
    }


def definitions(doctree, terms):
    """Yield ``(id of the entry, bold node)`` for each first definition on a page."""
    seen = set()
    for bold in doctree.findall(nodes.strong):
        entry = entry_of(bold.astext(), terms)
        if entry and entry not in seen and not isinstance(bold.parent, nodes.reference):
            seen.add(entry)
            yield entry, bold


def place(entry):
    """Return the id of the words that define a term."""
    return entry.replace("term-", "def-", 1)


def link_terms(app, doctree, docname):
    """Link a page's definitions to the glossary, or the glossary to the definitions."""
    terms = glossary_terms(app.env)
    if docname == GLOSSARY:
        link_back(app, doctree, terms)
        return
    for entry, bold in list(definitions(doctree, terms)):
        bold["ids"].append(place(entry))
        target = f"{app.builder.get_relative_uri(docname, GLOSSARY)}#{entry}"
        link = nodes.reference("", "", internal=True, refuri=target, classes=["term-link"])
        link += bold.children
        bold.children = []
        bold += link


def link_back(app, doctree, terms):
    """Make the glossary's links to chapters lead to the words that define the term."""
    found = {}
    for item in (
        item for g in doctree.findall(glossary) for item in g.findall(nodes.definition_list_item)
    ):
        entries = [i for term in item.findall(nodes.term) for i in term["ids"]]
        for link in item.findall(nodes.reference):
            page = link.get("refuri", "").partition("#")[0]
            chapter = f"book/{page.removesuffix('.html')}"
            if chapter not in app.env.found_docs or chapter == GLOSSARY:
                continue
            if chapter not in found:
                tree = app.env.get_doctree(chapter)
                found[chapter] = {entry for entry, _ in definitions(tree, terms)}
            for entry in entries:
                if entry in found[chapter]:
                    link["refuri"] = f"{page}#{place(entry)}"


def setup(app: Sphinx):
    """Register with Sphinx."""
    app.connect("doctree-resolved", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
