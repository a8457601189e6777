"""Faults of the built site, one a page, and faults that the build itself must refuse."""

from tools.prove.faults import Fault, append, prose_cell, sub

SITE = "_build/html/"
LINKS = "tests/site_tests/test_links.py::test_"
PAGES = "tests/site_tests/test_pages.py::test_"
SLIDES = "tests/site_tests/test_slides.py::test_"
SEARCH = "tests/site_tests/test_search.py::test_"
PEOPLE = "tests/site_tests/test_for_everyone.py::test_"
TERMS = "tests/site_tests/test_terms.py::test_"
WEIGHT = "tests/site_tests/test_weight.py::test_"
LAUNCH = "tests/site_tests/test_launch.py::test_"
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
LOST = '<head><meta name="description" content="Lost."></head><p>lost</p>'
QUIET = f"{PAGES}a_page_is_quiet_self_contained_and_accessible"


def page(name):
    """Return the path of a built page of the book."""
    return f"{SITE}book/{name}.html"


def deck(name):
    """Return the path of a built deck."""
    return f"{SITE}slides/{name}.html"


def put(html):
    """Return a change: put something at the end of the text of a page."""
    return sub(r"</main>", lambda _: f"{html}</main>")


def page_faults():
    """Return the faults of pages, one a page."""
    book = lambda name: f"[book/{name}.html]"  # noqa: E731
    elsewhere = '<script src="https://losses.example/x.js"></script>'
    return [
        Fault("a link leads nowhere", page("01_introduction"), put('<a href="gone.html">x</a>'),
              f"{LINKS}links_lead_somewhere{book('01_introduction')}", "gone.html: no such file"),
        Fault("an anchor of the glossary is gone", page("glossary"),
              sub(r'id="term-', 'id="gone-', count=0),
              f"{LINKS}links_lead_somewhere[book/glossary", "#term-"),
        Fault("a page loads a script from elsewhere", page("02_role_of_losses"), put(elsewhere),
              f"{LINKS}nothing_is_loaded_from_elsewhere{book('02_role_of_losses')}",
              "losses.example"),
        Fault("an id occurs twice", page("04_binary_classification"),
              put('<p id="twice"></p><p id="twice"></p>'),
              f"{LINKS}no_id_occurs_twice_on_a_page{book('04_binary_classification')}", "twice"),
        Fault("a page is not linked from the contents", page("lost"), append(LOST),
              f"{LINKS}every_page_of_the_book_is_linked_from_the_contents", "lost.html"),
        Fault("a page asks another server", page("api"),
              put("<script>fetch('https://losses.example/').catch(() => {})</script>"),
              f"{QUIET}[book/api.html]", "losses.example"),
        Fault("a page writes to the console", page("05_multiclass"),
              put("<script>console.error('something broke')</script>"),
              f"{QUIET}[book/05_multiclass.html]", "something broke"),
        Fault("an image has no text", page("06_specialized"),
              put(f'<img src="{DOT}" width="9" height="9">'),
              f"{QUIET}[book/06_specialized.html]", "image-alt"),
        Fault("a text is too pale in the dark", page("notation"),
              put('<p style="color:#444;background:#222">pale</p>'),
              f"{PAGES}a_page_is_accessible_in_the_dark{book('notation')}", "color-contrast"),
        Fault("a page is wider than a phone", page("07_metric_learning"),
              put('<div style="width:900px;height:9px">wide</div>'),
              f"{PAGES}a_page_fits_a_phone_and_is_accessible_there{book('07_metric_learning')}",
              "390"),
        Fault("an image has no size", page("08_choosing"), put(f'<img src="{DOT}" alt="A dot">'),
              f"{PAGES}figures_arrive_without_moving_the_text{book('08_choosing')}", "data:image"),
        Fault("a page is heavy", page("09_implementation"), append(f"<!--{'x' * 900_000}-->"),
              f"{WEIGHT}a_first_visit_asks_for_little{book('09_implementation')}", "bytes"),
        Fault("a frame of a figure is inside the page", page("10_pitfalls"),
              put('<img src="data:image/svg+xml,x" alt="A frame" width="1" height="1">'),
              f"{WEIGHT}no_frame_of_a_figure_is_inside_a_page{book('10_pitfalls')}",
              "data:image/svg"),
        Fault("two pages describe themselves in the same words", page("11_conclusion"),
              sub(r'(name="description" content=")[^"]*', r"\1Lost."),
              f"{LAUNCH}every_page_describes_itself_in_its_own_words", "11_conclusion.html"),
        Fault("the focus cannot be seen", page("how_to_use"),
              put('<button style="outline:none !important;box-shadow:none !important">x</button>'),
              f"{PEOPLE}the_keyboard_reaches_everything_and_shows_where_it_is"
              f"{book('how_to_use')}", "focus cannot be seen"),
        Fault("an entry of the glossary leads back to nothing", page("glossary"),
              sub(r"#def-", "#fed-", count=0),
              f"{TERMS}every_entry_leads_to_the_words_that_define_it", "no bold words"),
        Fault("the checklist needs two sheets", page("checklist"),
              put("<p>One more line.</p>" * 40),
              "tests/site_tests/test_checklist.py::test_the_checklist_fits_on_one_sheet",
              "shorten book/checklist.md"),
        Fault("the map of chapters leaves the first screen", page("index"),
              put("<style>.map ol { max-width: 36rem !important }</style>"),
              f"{PAGES}the_first_screen_shows_doors_example_and_the_map_of_all_chapters",
              "below the first screen"),
        Fault("the contents name a section of another page", page("conventions"),
              sub('(<li class="toctree-l1">)', r'\1<a href="03_regression.html#mse">MSE</a>'),
              f"{WEIGHT}a_page_carries_no_more_of_other_pages_than_their_titles"
              f"{book('conventions')}", "03_regression.html#mse"),
        Fault("a chapter cannot be read without script", page("03_regression"),
              sub(r"(<h1[^>]*>)", r"\1Nothing "),
              f"{PAGES}a_page_can_be_read_without_script", "Nothing"),
    ]  # fmt: skip


def site_faults():
    """Return the faults of what all pages share, and of the decks, one a deck."""
    big = sub(r"<h2>", '<h2 style="font-size:400px">')
    loud = sub("</body>", "<script>console.error('something broke')</script></body>")
    wide = sub("<h2>", '<h2 style="width:1500px">')
    script, gone = f"{SITE}_static/course.js", lambda _: ""
    return [
        Fault("the search does not know a loss", f"{SITE}searchindex.js",
              sub("(?i)huber", "hxber", count=0),
              f"{SEARCH}what_people_type_leads_first_to_its_place", "huber"),
        Fault("the color switch does nothing", script, gone,
              f"{PAGES}the_color_switch_switches_and_remembers", "Dark"),
        Fault("On this page does not follow", script, gone,
              f"{PEOPLE}on_this_page_follows_the_reader", "Timeout"),
        Fault("code cannot be copied", script, gone,
              f"{PEOPLE}only_code_can_be_copied_and_all_of_it_runs", "assert"),
        Fault("the reasons of a derivation are off a phone", script, gone,
              f"{PEOPLE}a_derivation_has_its_reasons_under_its_lines_on_a_phone", "> 3"),
        Fault("a box does not show that it scrolls", script, gone,
              f"{PEOPLE}what_scrolls_sideways_shows_that_there_is_more[book/03_regression.html]",
              "all("),
        Fault("a slider shows no other frame", script, gone,
              f"{WEIGHT}there_is_always_a_frame_to_see", "Timeout"),
        Fault("large text is wider than a phone", page("errata"),
              put('<div style="width:20rem;height:9px">wide</div>'),
              f"{PEOPLE}large_text_fits_a_phone[book/errata.html-390-212]", "390"),
        Fault("the front door leads nowhere", f"{SITE}index.html", lambda _: "<p>Hello</p>",
              f"{PAGES}the_front_door_leads_to_the_landing_page", "Timeout"),
        Fault("a file of the style sheet is gone", f"{SITE}_static/site.css",
              append("\n@font-face { src: url(fonts/gone.woff2) }\n"),
              f"{WEIGHT}the_style_sheet_points_at_files_that_exist", "gone.woff2"),
        Fault("a slide overflows", deck("01_introduction"), big,
              f"{SLIDES}every_slide_fits[01_introduction]", "slide 1: sticks out"),
        Fault("a deck writes to the console", deck("02_role_of_losses"), loud,
              f"{SLIDES}every_slide_is_accessible_and_the_deck_is_quiet[02_role_of_losses]",
              "something broke"),
        Fault("a deck does not lead back to its chapter", deck("03_regression"),
              sub(r"\.\./book/03_regression\.html", "../book/04_gone.html"),
              f"{SLIDES}the_link_leads_back_to_the_chapter[03_regression]", "04_gone"),
        Fault("a deck has no speaker notes", deck("04_binary_classification"),
              sub(r'(?s)<aside class="notes">.*?</aside>', "", count=0),
              f"{SLIDES}the_speaker_view_shows_notes_and_the_next_slide[04_binary_classification]",
              "Timeout"),
        Fault("a deck has no button to go on", deck("05_multiclass"),
              sub('aria-label="Next slide"', 'aria-label="Onward"'),
              f"{SLIDES}the_keyboard_and_the_buttons_turn_the_slides[05_multiclass]",
              "Next slide"),
        Fault("a deck is wider than a phone", deck("07_metric_learning"), wide,
              f"{SLIDES}a_phone_held_upright_scrolls_through_all_slides[07_metric_learning]",
              "390"),
        Fault("a deck hides a slide without script", deck("09_implementation"),
              sub("<section ", '<section style="display:none !important" '),
              f"{SLIDES}without_script_all_slides_can_be_read[09_implementation]", "assert"),
        Fault("a deck is not linked from the teaching page", page("teaching"),
              sub(r"\.\./slides/10_pitfalls\.html", "../slides/01_introduction.html", count=0),
              f"{SLIDES}the_teaching_page_links_every_deck", "10_pitfalls"),
    ]  # fmt: skip


def said(text):
    """Return a change: one more paragraph in the first text of a notebook."""
    return prose_cell(lambda old: f"{old}\n\n{text}\n")


def formula_faults():
    """Return the fault that ends a build at once, so that it cannot share one."""
    file = "book/02_role_of_losses.ipynb"
    change = said(r"$\nosuchcommand{x}$")
    return [Fault("a formula is no LaTeX", file, change, "KaTeX", "nosuchcommand")]


def build_faults():
    """Return what the build must refuse; here `test` is the file that its message names."""
    chapter = lambda stem: f"book/{stem}.ipynb"  # noqa: E731
    return [
        Fault("a reference leads nowhere", chapter("01_introduction"), said("[](#no-such-place)"),
              "01_introduction", "no-such-place"),
        Fault("a source is cited that nobody lists", chapter("03_regression"),
              said("{cite:t}`nobody1999`"), "03_regression", "nobody1999"),
        Fault("a term is not in the glossary", chapter("04_binary_classification"),
              said("{term}`no such term`"), "04_binary_classification", "no such term"),
        Fault("a page is linked that does not exist", "book/notation.md",
              append("\n[a page](no_such_page.md)\n"), "notation", "no_such_page"),
    ]  # fmt: skip
