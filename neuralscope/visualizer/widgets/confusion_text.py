"""Which cell of the confusion matrix is meant, and what its counts and its digits are in words."""

import numpy as np

from neuralscope.formatting import share, thousands
from neuralscope.visualizer.drawing.formula import Formula
from neuralscope.visualizer.session.non_finite import NO_ANSWER_REASON, NO_ANSWER_TEXT
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.no_labels import NO_TRUE_LABEL_TEXT


def none_text(session, name):
    """Say that no row or digit is of a class."""
    return f"there is no {name} among the test {session.inputs.sample}s"


def wrong_counts(session):
    """Return how many of class *row* were read as *column* wrongly, (classes, classes): the diagonal is 0."""
    confusion = session.evaluation.confusion
    return confusion - np.diag(np.diag(confusion))


def selected_cell(session):
    """Return the selected (truth, answer), else the most frequent mistake; where there is none, what is read best."""
    if session.cell:
        return session.cell
    wrong = wrong_counts(session)
    return cell_of_largest(wrong if wrong.any() else session.evaluation.confusion)


def worst_cell_of_truth(session, truth):
    """Return the cell of a class's most frequent wrong answer, or where it has none its own on the diagonal."""
    row = wrong_counts(session)[truth]
    return truth, int(row.argmax()) if row.any() else truth


def worst_cell_of_answer(session, answer):
    """Return the cell of the class that is most often read wrongly as ``answer``, or the one on the diagonal."""
    column = wrong_counts(session)[:, answer]
    return int(column.argmax()) if column.any() else answer, answer


def cell_of_largest(counts):
    """Return the (row, column) of the largest count."""
    return tuple(map(int, np.unravel_index(counts.argmax(), counts.shape)))


def times_text(count):
    """Say how often."""
    return {0: "never", 1: "once"}.get(count, f"{thousands(count)} times")


def figure_run(panel, text, gap=1):
    """Return the run of a figure in the readout."""
    return panel.run(text, color="text", mono=True, gap=gap)


def frequency_runs(panel, session, truth, answer, gap=1):
    """Return the runs that say how often a class was read as another one, of how many."""
    evaluation = session.evaluation
    count, total = int(evaluation.confusion[truth, answer]), int(evaluation.label_counts[truth])
    return (figure_run(panel, thousands(count), gap), panel.run(f"time{'s' * (count != 1)} in", gap=1),
            figure_run(panel, thousands(total)))


def cell_runs(panel, session, truth, answer):
    """Return the runs about a cell."""
    names, row = session.dataset.class_names, session.evaluation.confusion[truth]
    total = int(session.evaluation.label_counts[truth])
    head = panel.run(f"{names[truth]} read as {names[answer]}", color="text", bold=True)
    if not total:
        return head, panel.run(none_text(session, names[truth]), gap=2)
    part = share(int(row[answer]), total)
    runs = (head, *frequency_runs(panel, session, truth, answer, 2), figure_run(panel, part, 3))
    if truth == answer:
        return runs if not row[answer] else (*runs, panel.run("✓ right", color="right", bold=True, gap=2))
    return (*runs, panel.run(f"and {names[answer]} as {names[truth]}", gap=2),
            *frequency_runs(panel, session, answer, truth, 3))


def truth_runs(panel, session, truth):
    """Return the runs about the errors of a class: a row of the matrix."""
    name, total = session.dataset.class_names[truth], int(session.evaluation.label_counts[truth])
    head = panel.run(f"errors of {name}", color="text", bold=True)
    if not total:
        return head, panel.run(none_text(session, name), gap=2)
    counts = wrong_counts(session)[truth]
    return (head, figure_run(panel, counts_sum_text(counts), 2), panel.run("of", gap=1),
            figure_run(panel, thousands(total)), panel.run(f"{session.inputs.sample}s", gap=1),
            figure_run(panel, share(int(counts.sum()), total), 3))


def answer_runs(panel, session, answer):
    """Return the runs about what was read wrongly as one class: a column of the matrix."""
    name = session.dataset.class_names[answer]
    right = thousands(int(session.evaluation.confusion[answer, answer]))
    return (panel.run(f"read wrongly as {name}", color="text", bold=True),
            figure_run(panel, counts_sum_text(wrong_counts(session)[:, answer]), 2),
            panel.run("and rightly", gap=2), figure_run(panel, right))


def total_runs(panel, session):
    """Return the runs about all mistakes, class by class."""
    evaluation = session.evaluation
    return (panel.run("mistakes in all", color="text", bold=True),
            figure_run(panel, counts_sum_text(wrong_counts(session).sum(axis=1)), 2),
            panel.run("of", gap=1), figure_run(panel, thousands(evaluation.count)),
            panel.run(f"{session.inputs.sample}s", gap=1),
            figure_run(panel, share(evaluation.errors, evaluation.count), 3))


def counts_sum_text(counts):
    """Write the sum of counts, those that are 0 left out."""
    parts, total = [thousands(int(count)) for count in counts if count], thousands(int(counts.sum()))
    return Formula((" + ".join(parts),), "=", total).text if len(parts) > 1 else total


def digit_runs(panel, session, digit):
    """Return the runs about one digit: its verdict, what it was given, what the truth got, and how often that is so.

    Without labels: what it was given, and how many are read so.
    """
    answers, names = session.answers, session.dataset.class_names
    answer, outputs = int(answers.predictions[digit]), answers.outputs[digit]
    truth = int(answers.labels[digit]) if session.has_labels else None
    write = OUTPUT_TEXTS[session.network.layers[-1].activation].write
    other, words = truth, f"the truth, {names[truth or 0]}, gets"
    if truth in (answer, None):
        ranked = np.argsort(-outputs, kind="stable")
        other = next((int(class_index) for class_index in ranked if class_index != answer), answer)
        words = f"the next, {names[other]}, gets"
    head = panel.run(f"test {session.inputs.sample} {thousands(int(digit))}", color="text", bold=True)
    if not answers.answered[digit]:
        verdict = panel.run(f"✗ {NO_ANSWER_TEXT}", color="wrong", bold=True, gap=2)
        return head, verdict, panel.run(NO_ANSWER_REASON, gap=2)
    runs = [head, verdict_run(panel, truth, answer), panel.run(f"reads {names[answer]}", gap=2),
            figure_run(panel, write(outputs[answer]), 2), panel.run(words, gap=2),
            figure_run(panel, write(outputs[other]))]
    if digit == session.index:
        runs.append(panel.run(f"the {session.inputs.sample} shown", gap=2))
    if truth is None:
        return (*runs, *read_as_runs(panel, session, answer))
    return (*runs, panel.run(f"{names[truth]} is read as {names[answer]}", gap=2),
            *frequency_runs(panel, session, truth, answer, 3))


def verdict_run(panel, truth, answer):
    """Return the run that says whether an answer is right; ``truth`` None: nobody said."""
    if truth is None:
        return panel.run(NO_TRUE_LABEL_TEXT, gap=2)
    words, color = ("✓ right", "right") if truth == answer else ("✗ wrong", "wrong")
    return panel.run(words, color=color, bold=True, gap=2)


def read_as_runs(panel, session, answer):
    """Return the runs that say how many of all digits are read as a class."""
    answers, names = session.answers, session.dataset.class_names
    count = int(answers.class_counts[answer])
    return (figure_run(panel, thousands(count), 2), panel.run("of", gap=1), figure_run(panel, thousands(answers.count)),
            panel.run(f"{session.inputs.sample}s {'is' if count == 1 else 'are'} read as {names[answer]}", gap=1))
