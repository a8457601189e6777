"""The glossary is linked both ways."""

from .conftest import SITE, parsed


def test_each_definition_links_to_its_entry_and_the_entry_back_to_it():
    pages = {path.name: parsed(f"book/{path.name}") for path in sorted(SITE.glob("book/*.html"))}
    entries = {
        dt["id"]: dt.find_next_sibling("dd") for dt in pages["glossary.html"].select("dt[id]")
    }
    linked = set()
    for name, page in pages.items():
        for link in page.select("a.term-link"):
            file, _, entry = link["href"].partition("#")
            assert file == "glossary.html"
            assert entry in entries, f"{name}: {link.get_text()!r} leads nowhere"
            linked.add((name, entry))
    back = {
        (link["href"].partition("#")[0], entry)
        for entry, text in entries.items()
        for link in text.select("a[href*='#def-']")
    }
    assert len(back) > 100
    assert back <= linked
    for name, entry in back:
        assert pages[name].find(id=entry.replace("term-", "def-", 1)) is not None


def test_every_entry_leads_to_the_words_that_define_it():
    page = parsed("book/glossary.html")
    without = [
        dt.get_text().strip()
        for dt in page.select("dt[id]")
        if not dt.find_next_sibling("dd").select("a[href*='#def-']")
    ]
    assert not without, f"no bold words on the page that these entries name: {without}"
