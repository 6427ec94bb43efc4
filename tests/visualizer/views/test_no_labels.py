"""Digits of which nobody said what they are: every view opens and obeys, and none says that anything is right or wrong.
"""

import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.network import answer
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.input.keys import active_bindings
from neuralscope.visualizer.views import FILMED_VIEWS, VIEWS
from neuralscope.visualizer.views.snapshots.film_view import FilmView
from neuralscope.visualizer.widgets.key_help import loaded_facts
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_TEXT
from tests.helpers.networks import model_of, snapshots_of
from tests.helpers.unlabelled import without_labels
from tests.helpers.views import check_layout

CLAIM = re.compile(r"✓|✗|\bright\b|\bwrong|truth|\bmisread\b|\d errors\b|\bmistakes?\b|newly|errors of|forgotten|"
                   r"learned last", re.IGNORECASE)
KEYS = ("enter", "f", "4", "v", "5", "tab", "right", "down", "enter", "x", "up", "left", "X", "?", "escape", "a", "c",
        "[", "]", "backspace", " ", " ", "g", "3", "enter", "shift+tab")


@pytest.fixture
def unlabelled(embedded):
    return without_labels(embedded)


@pytest.fixture
def erring(shipped):
    return model_of(shipped, 16)


@pytest.fixture
def open_unlabelled(open_window, unlabelled, embedded):
    """Return a function that opens a window on digits without labels, with snapshots of a training."""
    def open_unlabelled(model, view="e", **options):
        few = replace(embedded.test, pixels=embedded.test.pixels[:20], labels=embedded.test.labels[:20])
        labelled = replace(embedded, test=few)
        return open_window(model, unlabelled, view=view, snapshots=lambda *_: snapshots_of(model, labelled), **options)

    return open_unlabelled


def texts(window):
    """Return everything that is written in a window, and what can be asked of each panel's cells."""
    found = [artist.text for artist in window.figure.artists if isinstance(artist, Line) and artist.get_visible()]
    session = window.session
    for part in window.view.parts():
        rows, columns = part.grid(session) or (0, 0)
        for row, column in {(0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)} if rows else ():
            described = part.describe(session, row, column)
            found.append(" ".join(run.text for run in described[0]) if described else "")
    found += [window.view.headline.title, *(f"{name} {words}" for name, words in loaded_facts(session))]
    return [text for text in found if text]


def claims(window):
    """Return what is written that only labels can tell, but for what keys are for."""
    keys = active_bindings(window.tables())
    known = {words for binding in keys for words in (binding.help, f"{binding.label} {binding.footer}",
                                                     f"{binding.names[0]} {binding.footer}")}
    return [text for text in texts(window) if text not in known | {"mistakes"}
            and CLAIM.search(text.replace(NO_LABELS_TEXT, "").replace("reads right", ""))]


# the check-up marks what needs no labels, and says of the rest that it cannot be tried: see its own tests
@pytest.mark.parametrize("key", [view.key for view in VIEWS if view.key and view.key != "K"])
@pytest.mark.parametrize("size", [(900, 600), (1400, 800)])
def test_no_view_says_that_anything_is_right_or_wrong(open_unlabelled, press, erring, key, size):
    window = open_unlabelled(erring, key, size=size)
    said = claims(window)
    for pressed in KEYS if size[0] > 900 else ():
        press(window, pressed)
        said += claims(window)
    assert not said
    check_layout(window, size)


def test_the_same_words_are_found_where_there_are_labels(open_window, press, erring, embedded):
    for key in "ewnmpblo":
        window = open_window(erring, embedded, view=key)
        if key == "l":
            press(window, "enter")
        assert claims(window), key


@pytest.mark.parametrize("key", [view.key for view in VIEWS if view.key and view.key not in "nmtdK"])
def test_the_headline_says_that_there_is_no_true_label(open_unlabelled, shipped, key):
    window = open_unlabelled(shipped, key)
    assert "no true label" in window.view.headline.verdict.text
    assert window.session.truth is None
    assert window.session.evaluation is None


def test_a_picture_of_ones_own_has_the_words_it_had(open_unlabelled, press, shipped):
    window = open_unlabelled(shipped)
    window.session.open(window.session.image.reshape(28, 28), "mine.png", ())
    press(window, "w", "e")
    assert "no true label" not in window.view.headline.verdict.text
    assert "then " in window.view.headline.verdict.text


def test_next_misread_says_why_there_is_none(open_unlabelled, press, erring):
    window = open_unlabelled(erring)
    index = window.session.index
    press(window, "f")
    assert window.session.index == index
    assert NO_LABELS_TEXT in texts(window)


def test_the_mistakes_view_says_why_it_is_empty_and_leads_on(open_unlabelled, press, mouse, erring):
    window = open_unlabelled(erring, "m")
    empty = window.view.panels[0]
    assert empty.lines[0].text == NO_LABELS_TEXT
    assert window.view.headline.verdict.text.startswith("no true labels for 120 test digits")
    left, bottom, width, height = empty.lines[1].bounds()
    mouse(window, left + width / 2, bottom + height / 2, click=True)
    assert window.view.title == "explore"


def test_the_neuron_view_counts_what_is_read(open_unlabelled, press, erring):
    window = open_unlabelled(erring, "n", size=(1900, 1000))
    session, view = window.session, window.view
    images = session.digits.images
    before = answer(session.base_network, images).predictions
    neuron = session.neuron
    press(window, "x")
    after = answer(session.network, images).predictions
    changed = int((before != after).sum())
    assert changed
    assert view.ablated.figures.text == str(changed)
    assert view.ablated.lines[0].text == "read otherwise, of 120 with this neuron held at 0"
    assert view.ablated.lines[1].text == NO_LABELS_TEXT
    shown = [[int(line.text.replace("−", "-")) for line in row] for row in view.errors_by_class.cells[1:]]
    counts = np.bincount(before, minlength=10), np.bincount(after, minlength=10)
    np.testing.assert_array_equal(shown, [*counts, counts[1] - counts[0]])
    assert view.all.single_ablations.costs[neuron] == changed
    assert (np.diff(view.all.single_ablations.costs[view.all.sorted]) <= 0).all()
    assert f"{changed} of 120 digits are read otherwise" in " ".join(texts(window))
    profile = view.class_table.profile
    np.testing.assert_array_equal(profile.class_counts, counts[0])
    assert view.class_table.heads[0].text == "how strongly it fires, by class read"


def test_a_digit_is_taught_as_what_the_person_says(open_unlabelled, press, erring):
    window = open_unlabelled(erring, "l")
    session, view = window.session, window.view
    before = answer(session.network, session.digits.images).predictions
    press(window, "enter")
    assert session.fine_tuning.count == 0  # nobody said as what
    assert "say first what it is" in " ".join(texts(window))
    press(window, "3", ".", ".", ".", "enter", "enter")
    changed = before != answer(session.network, session.digits.images).predictions
    assert changed.any()
    assert set(view.wrong.all) == set(np.flatnonzero(changed))
    assert view.error_change.figures.text == str(changed.sum())
    assert view.wrong.count.line.text.startswith(f"≠ {changed.sum()} read otherwise")
    assert view.galleries == [view.wrong]
    press(window, "z", "z")
    assert view.error_change.figures.text == "0"


def test_the_past_shows_what_is_read_alone(open_unlabelled, press, erring):
    window = open_unlabelled(erring, "p")
    view, history = window.view, window.session.training_history
    assert view.note.line.text == NO_LABELS_TEXT
    press(window, "home", "right")
    assert history.index_of(window.session.base_network) == 1
    assert view.timeline.describe(window.session, 0, 1)[0][-1].text.startswith("a click or Enter")
    assert "errors" not in history.__dict__
    assert "right" not in history.__dict__


def test_films_go_without_errors(open_unlabelled, erring):
    assert FilmView in FILMED_VIEWS
    window = open_unlabelled(erring, "p")
    view = FilmView(window.surface, window.session)
    view.place()
    view.update()
    assert view.headline.verdict.text.endswith("no true labels")
    assert view.errors.line.text == NO_LABELS_TEXT
    assert view.default_description()[0][0].text.startswith("epoch")
    view.close()


def test_the_train_view_says_that_there_is_nothing_to_learn_from(open_unlabelled, press, erring):
    window = open_unlabelled(erring, "t")
    words = "pictures.csv has no labels to learn from; choose a data set with labels"
    assert words in texts(window)
    for key in (" ", "j", "J"):
        press(window, key)
        assert window.session.training_setup.launcher is None
        assert words in texts(window)
    assert not window.view.buttons.states[0][1]
