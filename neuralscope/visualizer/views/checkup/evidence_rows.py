"""What a check found as rows of bars: name, value, figure and a small addition."""

from dataclasses import dataclass

from neuralscope.formatting import counted, plain, share, thousands

MAX_ROWS = 14  # of more the first are shown


@dataclass(frozen=True)
class EvidenceRow:
    """A row: ``value``, 0 to 1, is the length of its bar, None: it has none. ``strong``: it is the one that counts."""

    name: str
    value: float | None
    figure: str
    addition: str = ""
    strong: bool = False


def evidence_rows(result, noun):
    """Return the caption of a CheckResult's rows and these, the longest bar one that is all; or None.

    ``noun``: what an image is called.
    """
    makers = {"accuracies": accuracy_rows, "deviations": deviation_rows, "answers": answer_rows,
              "differences": difference_rows, "shapes": shape_rows}
    for name, make in makers.items():
        if result.details.get(name):
            caption, rows = make(result.details, noun)
            return caption, rows[:MAX_ROWS]
    return None


def accuracy_rows(details, noun):
    """Return rows of shares that are right."""
    found, count = details["accuracies"], details.get("images", 0)
    best = max(found.values())
    intervals = details.get("intervals", {})
    rows = [EvidenceRow(name, value, share(round(value * count), count), intervals.get(name, ""), value == best)
            for name, value in found.items()]
    return f"right of {counted(count, noun)}" + (", with 95 % intervals" if intervals else ""), rows


def deviation_rows(details, noun):
    """Return rows of standard deviations of weights."""
    found = details["deviations"]
    most = max(found.values()) or 1
    return "standard deviation of the weights", [EvidenceRow(name, value / most, plain(value), strong="others" in name)
                                                 for name, value in found.items()]


def answer_rows(details, noun):
    """Return rows of how often each class is answered, beside how many there are."""
    answers, labels = details["answers"], details.get("labels", {})
    most = max([*answers.values(), *labels.values()]) or 1
    rows = [EvidenceRow(name, count / most, thousands(count), f"of {thousands(labels[name])}" if labels else "",
                        bool(labels.get(name)) and not count) for name, count in answers.items()]
    return "how often each class is read" + (f", and how many {noun}s are of it" if labels else ""), rows


def difference_rows(details, noun):
    """Return rows of how far gradients are off."""
    return "how far each gradient is off, of its size", [
        EvidenceRow(name, min(1.0, value), plain(value), strong=value > 1e-4)
        for name, value in details["differences"].items()]


def shape_rows(details, noun):
    """Return rows of the arrays' shapes."""
    return "the arrays", [EvidenceRow(name, None, " × ".join(map(thousands, shape)))
                          for name, shape in details["shapes"].items()]
