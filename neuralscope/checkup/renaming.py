"""Which class each answer of a network would best be taken for."""

import numpy as np

from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.statistics import interval_text, is_better, is_clear, right_share
from neuralscope.checkup.study import Steps, Study
from neuralscope.formatting import share, thousands
from neuralscope.network.evaluation import best_renaming, rename_answers

MOST_NAMED = 4  # answers that are named one by one
LEAST_PRESENT = 10  # images of a class from which on it is missed where nothing is read as it


def found_renaming(predictions: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray | None:
    """Return the best renaming where it reads clearly, and better than none does; else None.

    It is chosen with every other image and judged by the rest, for the best of so many fits some images by chance.
    """
    if len(labels) < 2:
        return None
    chosen, judged = slice(0, None, 2), slice(1, None, 2)
    meanings = best_renaming(predictions[chosen], labels[chosen], classes)
    renamed, plain = (each[judged] == labels[judged] for each in (rename_answers(predictions, meanings), predictions))
    if not (is_better(renamed, plain) and is_clear(renamed, labels[judged])):
        return None
    return best_renaming(predictions, labels, classes)


def confusion(predictions: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return (classes, classes): how many of class *row* were read as *column*; those of class -1, as none, are not."""
    answered = predictions >= 0
    return np.bincount((labels * classes + predictions)[answered], minlength=classes**2).reshape(classes, classes)


def labels_in_order(study: Study) -> Steps:
    """Say whether renaming the answers would make more of them right."""
    found = yield from study.look()
    classes, labels, names = study.network.sizes[-1], study.labels, study.data.class_names
    plain = found.predictions == labels
    meanings = found_renaming(found.predictions, labels, classes)
    counts = confusion(found.predictions, labels, classes)
    accuracies = {"as it answers": float(plain.mean())}
    details = {"confusion": counts, "images": len(labels), "accuracies": accuracies}
    if meanings is None:
        return Outcome(True, right_share(plain), "no other way to name its answers makes clearly more of them right",
                       details=details)
    mended = study.with_mended(meanings=meanings)
    right = yield from mended.right()
    off = counts - np.diag(np.diag(counts))
    details |= {"meanings": meanings, "interval": interval_text(right), "cell": divmod(int(off.argmax()), classes)}
    accuracies["answers renamed"] = float(right.mean())
    words, remedy = shift_words(meanings, names)
    return Outcome(False, right_share(plain),
                   f"renaming its answers makes {right_share(plain)} right into {right_share(right)}: {words}",
                   f"{remedy}: {right_share(right)}, measured", details, float(right.mean() - plain.mean()), mended)


def shift_words(meanings: np.ndarray, names: tuple[str, ...]) -> tuple[str, str]:
    """Return in words how answers are to be renamed, and what to do."""
    classes = len(meanings)
    shifts = np.unique((meanings - np.arange(classes)) % classes)
    if len(shifts) == 1 and classes > 2:
        run = f"labels run from 0 to {classes - 1}"
        if shifts[0] == classes - 1:
            return "each is one too high", f"its labels begin at 1, and {run}"
        return ("each is one too low", f"learn y, not y - 1: {run}") if shifts[0] == 1 else (
            f"each is {shifts[0]} too low", f"learn y, not y - {shifts[0]}: {run}")
    moved = [number for number in range(classes) if meanings[number] != number]

    def name(number: int) -> str:
        return names[number] if number < len(names) else str(number)

    told = ", ".join(f"{name(number)} means {name(int(meanings[number]))}" for number in moved[:MOST_NAMED])
    more = f" and {thousands(len(moved) - MOST_NAMED)} more" if len(moved) > MOST_NAMED else ""
    return told + more, "put the classes in the order in which they were learned"


def class_coverage(study: Study) -> Steps:
    """Say whether every class is answered now and then."""
    found = yield from study.look()
    classes = study.network.sizes[-1]
    answered = np.bincount(found.predictions, minlength=classes)
    names = [study.data.class_names[number] if number < len(study.data.class_names) else str(number)
             for number in range(classes)]
    count = len(found.predictions)
    details = {"images": count, "answers": dict(zip(names, map(int, answered), strict=True))}
    most = int(answered.argmax())
    if not study.data.test.has_labels:
        several = np.count_nonzero(answered) > 1
        return Outcome(bool(several), f"{np.count_nonzero(answered)} of {classes}",
                       f"most often it reads {names[most]}: {share(int(answered[most]), count)}", details=details)
    present = np.bincount(study.labels, minlength=classes)
    details["labels"] = dict(zip(names, map(int, present), strict=True))
    missing = [number for number in range(classes) if present[number] >= LEAST_PRESENT and not answered[number]]
    figure = f"{classes - len(missing)} of {classes}"
    if not missing:
        return Outcome(True, figure, f"most often it reads {names[most]}: {share(int(answered[most]), count)} of "
                       f"{thousands(count)}", details=details)
    never = ", ".join(names[number] for number in missing[:MOST_NAMED]) + (
        f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else "")
    words = (f"it reads {names[most]} in {share(int(answered[most]), count)} of {thousands(count)}, and never {never}")
    return (yield from without_output_biases(study, Outcome(False, figure, words, details=details)))


def without_output_biases(study: Study, outcome: Outcome) -> Steps:
    """Return an Outcome with what leaving the last biases out brings, where that is clearly more."""
    last, mended = f"b{len(study.network.layers)}", without_last_biases(study)
    before, right = (yield from study.right()), (yield from mended.right())
    if not (is_better(right, before) and is_clear(right, study.labels)):
        return outcome
    outcome.details["accuracies"] = {"as it is": float(before.mean()), f"with {last} at 0": float(right.mean())}
    return Outcome(False, outcome.figure, outcome.explanation,
                   f"its {last} outweighs all else: with 0 in its place {right_share(right)}, measured",
                   outcome.details, float(right.mean() - before.mean()), mended)


def without_last_biases(study: Study) -> Study:
    """Return a Study whose network has 0 for its last biases."""
    last = f"b{len(study.network.layers)}"
    zeros = {**study.network.parameters, last: np.zeros_like(study.network.parameters[last])}
    return study.with_mended(network=study.network.with_parameters(zeros))
