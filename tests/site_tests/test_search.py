"""The search finds a loss by any of its names, and says so when there is nothing to find."""

import json
import tomllib

import pytest
import torch
from sphinx.errors import ExtensionError

from tools.sphinx.search import losses

from .conftest import ROOT, SITE, parsed

LOSSES = tomllib.loads((ROOT / "site/search_names.toml").read_text(encoding="utf-8"))["loss"]

# What people type, and where the answer is. Not made from the list of names: some of these
# stand there in another spelling, or in other words.
ASKED = {
    "L2": "03_regression.html#mean-squared-error",
    "l2 loss": "03_regression.html#mean-squared-error",
    "quadratic": "03_regression.html#mean-squared-error",
    "mse": "03_regression.html#mean-squared-error",
    "L1": "03_regression.html#mean-absolute-error",
    "Huber": "03_regression.html#huber-loss",
    "smooth L1": "03_regression.html#huber-loss",
    "SmoothL1Loss": "03_regression.html#huber-loss",
    "log-cosh": "03_regression.html#beyond-the-three",
    "quantile loss": "03_regression.html#beyond-the-three",
    "pinball": "03_regression.html#beyond-the-three",
    "log loss": "04_binary_classification.html#binary-cross-entropy",
    "logistic loss": "04_binary_classification.html#binary-cross-entropy",
    "binary crossentropy": "04_binary_classification.html#binary-cross-entropy",
    "BCEWithLogitsLoss": "04_binary_classification.html#the-same-loss-from-logits",
    "focal": "04_binary_classification.html#focal-loss",
    "cross-entropy": "05_multiclass.html#categorical-cross-entropy",
    "Cross Entropy Loss": "05_multiclass.html#categorical-cross-entropy",
    "softmax loss": "05_multiclass.html#categorical-cross-entropy",
    "NLLLoss": "05_multiclass.html#sparse-cross-entropy",
    "label smoothing": "05_multiclass.html#label-smoothing",
    "SVM loss": "06_specialized.html#hinge-loss",
    "max-margin": "06_specialized.html#hinge-loss",
    "hinge": "06_specialized.html#hinge-loss",
    "KL": "06_specialized.html#kl-divergence",
    "Kullback–Leibler": "06_specialized.html#kl-divergence",
    "kullback leibler divergence": "06_specialized.html#kl-divergence",
    "relative entropy": "06_specialized.html#kl-divergence",
    "F1": "06_specialized.html#dice-loss",
    "Sørensen": "06_specialized.html#dice-loss",
    "sorensen-dice": "06_specialized.html#dice-loss",
    "soft Dice": "06_specialized.html#dice-loss",
    "siamese": "07_metric_learning.html#contrastive-loss",
    "FaceNet": "07_metric_learning.html#triplet-loss",
    "NT-Xent": "07_metric_learning.html#infonce-where-the-field-went",
    "ntxent": "07_metric_learning.html#infonce-where-the-field-went",
    "0-1": "01_introduction.html#hits-and-misses-are-not-enough",
    "0–1 loss": "01_introduction.html#hits-and-misses-are-not-enough",
    "NLL": "02_role_of_losses.html#where-losses-come-from",
    # Not a name: a question about one, a heading, a term, a function, a word of the text.
    "gradient of MSE": "03_regression.html#the-gradient-of-mse-step-by-step",
    "log-sum-exp": "glossary.html#term-log-sum-exp",
    "embedding": "glossary.html#term-embedding",
    "huber_loss_grad": "api.html#lossutils.huber_loss_grad",
    "silent broadcasting": "10_pitfalls.html#exhibit-1-silent-broadcasting",
    # A number.
    "exercise 3.2": "03_regression.html#ex-3-2",
    "Ex. 11.3": "11_conclusion.html#ex-11-3",
    "figure 3.1": "03_regression.html#fig-mse",
    "Fig 4.1": "04_binary_classification.html#fig-bce",
    "chapter 7": "07_metric_learning.html",
    "Section 3.4": "03_regression.html#huber-loss",
    "3.4.1": "03_regression.html#definition-of-huber-loss",
    # Classes of PyTorch that the course does not derive.
    "CTCLoss": "conventions.html#other-losses-of-pytorch",
    "gaussian nll": "conventions.html#other-losses-of-pytorch",
}

FOUND = """(query) => Search.find(query).map((r) => ({
  place: Search.address(r), score: r.score, what: r.what}))"""


@pytest.fixture
def search(visit):
    page = visit("search.html").page
    page.wait_for_function("Search.ready()")
    return page


def type_and_read(page, words):
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    return page.locator(".search-results a").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )


def test_what_people_type_leads_first_to_its_place(search):
    first = {words: (type_and_read(search, words) or [""])[0] for words in ASKED}
    wrong = {
        words: first[words] for words, place in ASKED.items() if first[words] != f"book/{place}"
    }
    assert not wrong, f"these come first instead: {wrong}"


def test_every_name_of_every_loss_leads_to_its_place(search):
    wrong = []
    for loss in LOSSES:
        page, _, anchor = loss["at"].partition("#")
        for name in loss["names"]:
            found = search.evaluate(FOUND, name)
            # A name that several losses share lists each of them.
            sections = [result["place"] for result in found if result["what"] == "section"]
            if f"{page}.html#{anchor}" not in sections[:3] or found[0]["what"] != "section":
                wrong.append((name, [result["place"] for result in found[:3]]))
    assert not wrong, wrong


def test_every_loss_of_pytorch_has_its_name_in_the_list():
    classes = {n for n in dir(torch.nn) if n.endswith(("Loss", "LossWithLogits", "MaxWithLoss"))}
    missing = classes - {name for loss in LOSSES for name in loss["names"]}
    assert len(classes) > 20
    assert not missing, f"say in site/search_names.toml where these stand: {missing}"
    text = parsed("book/conventions.html").find(id="other-losses-of-pytorch").get_text()
    here = next(loss for loss in LOSSES if loss["at"].endswith("#other-losses-of-pytorch"))
    assert not [name for name in here["names"] if name in classes and name not in text]


def test_every_number_that_the_pages_show_leads_to_its_place(search):
    wrong, kinds = {}, {"Fig.": "figure", "Exercise": "exercise"}
    for path in sorted(SITE.glob("book/*.html")):
        for caption in parsed(f"book/{path.name}").select(".caption-number"):
            kind, number = caption.get_text().split()
            wanted = f"book/{path.name}#{caption.find_parent(id=True)['id']}"
            found = search.evaluate(FOUND, f"{kinds[kind]} {number}")
            if not found or found[0]["place"] != wanted:
                wrong[f"{kind} {number}"] = wanted, [result["place"] for result in found[:1]]
    assert not wrong, wrong


def test_a_name_shared_by_two_losses_lists_both(search):
    found = [result["place"] for result in search.evaluate(FOUND, "cross-entropy")]
    assert found.index("book/05_multiclass.html#categorical-cross-entropy") == 0
    assert "book/04_binary_classification.html#binary-cross-entropy" in found[:6]


def test_every_result_leads_somewhere(search):
    places = {
        result["place"]
        for words in ["loss", "gradient", "logits", "probability", "data", "torch", "margin"]
        for result in search.evaluate(FOUND, words)
    }
    assert len(places) > 50
    for place in places:
        page, _, anchor = place.partition("#")
        text = (SITE / page).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in text, place


def test_no_title_carries_marks_and_no_solution_is_listed():
    text = (SITE / "searchindex.js").read_text(encoding="utf-8").strip()
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(");"))
    titles = [*index["titles"], *(title for _, title, _, _ in index["sections"])]
    assert len(titles) > 200
    assert not [t for t in titles if "<" in t or "&" in t or t.startswith("Solution")]


@pytest.mark.parametrize("field", ["at", "glossary", "api"])
def test_a_name_that_leads_nowhere_fails_the_build(field):
    index = {
        "pages": ["book/a"],
        "sections": [["1.1", "Some loss", 0, "some-loss"]],
        "glossary": [["some loss", 0, "term-some-loss"]],
        "functions": [["some_loss", 0, "lossutils.some_loss"]],
    }
    entry = {"at": "book/a#some-loss", "glossary": "Some loss", "api": "some_loss", "names": ["L"]}
    assert len(losses(index, [entry])[0]["places"]) == 3
    with pytest.raises(ExtensionError, match=r"leads to \['gone'\]"):
        losses(index, [entry | {field: "gone"}])


def test_a_misspelled_name_is_answered_with_the_right_one(search):
    links = type_and_read(search, "kulback leibler")
    assert links[0] == "book/06_specialized.html#kl-divergence"
    assert "Nothing found for “kulback leibler”" in search.get_by_role("status").inner_text()


def test_without_results_the_page_says_what_to_try(search):
    assert type_and_read(search, "zygomorphic") == []
    assert search.get_by_role("status").inner_text() == "Nothing found for “zygomorphic”."
    help_text = search.locator(".search-nothing")
    assert help_text.is_visible()
    assert help_text.get_by_role("link").count() == 3
    type_and_read(search, "Huber")
    assert help_text.is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("words", ["Huber", "zygomorphic"])
def test_the_answers_are_accessible(visit, scheme, width, words):
    found = visit(f"search.html?q={words}", width=width, scheme=scheme)
    found.page.wait_for_function("document.querySelector('.search-status').textContent")
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert not found.axe()
    assert not found.messages


def test_the_keyboard_alone_searches_and_follows_a_result(visit):
    page = visit("book/index.html").page
    page.get_by_role("searchbox").focus()
    page.keyboard.type("SVM loss")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=SVM+loss")
    page.locator(".search-results a").first.wait_for()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/06_specialized.html#hinge-loss")


def test_the_answers_come_while_typing_and_the_address_keeps_the_question(search):
    search.get_by_role("searchbox").press_sequentially("trip")
    search.wait_for_url("**/search.html?q=trip")
    assert "triplet-loss" in search.locator(".search-results a").first.get_attribute("href")
    search.reload()
    search.locator(".search-results a").first.wait_for()
    assert search.get_by_role("searchbox").input_value() == "trip"
