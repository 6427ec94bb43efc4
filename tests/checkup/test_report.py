"""The report as lines, JSON and HTML: what a person reads is what was found."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest

from neuralscope.checkup.report import CheckResult, Report

RESULTS = (
    CheckResult("numbers are numbers", True, "0 of 10", "no NaN, no infinity", view="neuron"),
    CheckResult("scale of the inputs", False, "0..255", "fed 0..255: 31 % right " * 6, "divide <the inputs> by 255",
                {"accuracies": {"0..1": np.float32(0.5), "bad": float("nan")}, "pair": (np.int64(1), 2)}, gain=0.6),
    CheckResult("hidden neurons alive", False, "0 of 100", "all flat", "train again", cause="scale of the inputs"),
    CheckResult("labels in order", None, "", "the images have no labels to judge by"),
    CheckResult("same on images it has not seen", False, "gap +5.00", "by heart", "bring more images", gain=0.1),
)
REPORT = Report("my_net.npz", RESULTS, ("784-100-10 sigmoid", "10,000 images", "31 % right"))


class Checker(HTMLParser):
    """Sees whether every element is closed, and keeps what is said."""

    def __init__(self, text):
        super().__init__()
        self.open, self.said = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        assert not {"src", "href"} & {name for name, _ in attributes}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def test_the_head_names_the_line_whose_mending_brings_most():
    assert REPORT.verdict == "✗ 3 of 4 checks fail"
    assert REPORT.first_to_mend is RESULTS[1]
    assert REPORT.advice == "mend line 2 first: it mends 3 too"
    assert Report("x", RESULTS[:1]).verdict == "✓ 1 check, none fails"
    one = Report("x", RESULTS[:2])
    assert (one.verdict, one.advice) == ("✗ 1 of 2 checks fails", "")


@pytest.mark.parametrize("width", [40, 80, 132])
def test_lines_are_as_wide_as_the_terminal_at_most(width):
    lines = REPORT.text(width).splitlines()
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("my_net.npz: 784-100-10 sigmoid")
    text = " ".join(REPORT.text(width).split())
    for words in ("✗ 3 of 4 checks fail: mend line 2 first: it mends 3 too", "1 ✓ numbers are numbers",
                  "2 ✗ scale of the inputs", "4 – labels in order", "→ divide <the inputs> by 255", "gap +5.00",
                  "this follows from “scale of the inputs”"):
        assert words in text
    assert width == 40 or f"{'0 of 10':>{width - 24}}" in lines[3 + (width < 70)]


def test_without_a_terminal_it_is_eighty_wide(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert max(map(len, str(REPORT).splitlines())) <= 80


def test_json_holds_all_of_it_and_no_number_that_json_has_not():
    found = json.loads(REPORT.to_json(), parse_constant=pytest.fail)
    assert [each["name"] for each in found["checks"]] == [result.name for result in RESULTS]
    assert [each["line"] for each in found["checks"]] == [1, 2, 3, 4, 5]
    assert (found["failed"], found["untried"], found["mend_first"]) == (3, 1, 2)
    assert found["checks"][1]["details"] == {"accuracies": {"0..1": 0.5, "bad": None}, "pair": [1, 2]}
    assert found["checks"][3]["passed"] is None


def test_html_is_whole_escaped_and_needs_nothing_else():
    seen = Checker(REPORT._repr_html_())
    assert not seen.open
    assert "→ divide <the inputs> by 255" in seen.said
    hostile = CheckResult("a", False, "<script>x</script>", "<b>", "&", view="\x1b[31m")
    assert "<script>" not in Report("<img src=x>\x1b", (hostile,))._repr_html_()
    assert "\x1b" not in Report("<img src=x>\x1b", (hostile,))._repr_html_()
    assert "\x1b" not in Report("a\x1b", (hostile,)).text()


def test_which_mistake_gives_the_gradients_is_shown_with_its_figures():
    arrays = [{"name": "W1", "yours": 514.5, "right": 15.64, "difference": 0.982, "passed": False},
              {"name": "b1", "yours": 0.25, "right": None, "difference": 2.5e-8, "passed": True}]
    matches = [("without the sigmoid's slope", 2.5e-8), ("sign turned round", 1.019), ("labels one off", float("inf"))]
    result = CheckResult("gradient of W1 and b1", False, "98 % off", "yours equals", "dh = ...",
                         {"arrays": arrays, "matches": matches})
    report = Report("your code", (result, CheckResult("gradient of W2", True, details={"arrays": arrays})))
    lines = [line.strip() for line in report.text(80).splitlines()]
    rows = [("✗ W1", "length 514.5", "the right one 15.64", "differ by 98.2 %"), ("✓ b1", "length 0.25",
            "differ by 2.5e−8"), ("=", "without the sigmoid's slope", "2.5e−8"), ("≠", "sign turned round", "101.9 %"),
            ("≠", "labels one off", "infinitely much")]
    assert [line for line in lines if "  ".join(rows[0]) == line or line.startswith(("✓", "=", "≠"))] == [
        "  ".join(cells) for cells in rows]
    assert max(map(len, report.text(40).splitlines())) <= 40
    seen = Checker(report._repr_html_())
    assert not seen.open
    assert [each for each in seen.said if each in {cell for cells in rows for cell in cells}] == [
        cell for cells in rows for cell in cells]
    assert json.loads(report.to_json())["checks"][0]["details"]["matches"][:2] == [list(each) for each in matches[:2]]
