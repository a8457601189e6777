"""The checklist can be printed: it is one sheet of paper."""

import re


def test_the_checklist_fits_on_one_sheet(visit):
    page = visit("book/checklist.html").page
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
    for paper in ("A4", "Letter"):
        pdf = page.pdf(format=paper, margin=margin)
        sheets = len(re.findall(rb"/Type ?/Page[^s]", pdf))
        assert sheets == 1, f"{sheets} sheets of {paper}: shorten book/checklist.md"
