"""The mistakes view: what the matrix and the gallery show is what the evaluation counted."""

import re
from dataclasses import replace

import numpy as np
import pytest

from neuralscope.formatting import bounded_fraction, percent, percent_interval, thousands
from neuralscope.network import evaluate
from neuralscope.visualizer.drawing.theme import THEMES, black_or_white, color_values, rgb
from tests.helpers.networks import model_of
from tests.helpers.views import SIZES, check_layout, resize

LONG_NAMES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


@pytest.fixture
def open_mistakes(open_window, press):
    """Return a function that opens the view, of a network that errs often unless another is given."""
    def open_mistakes(model=None, **options):
        window = open_window(*([model] if model else []), **options)
        press(window, "m")
        return window

    return open_mistakes


@pytest.fixture
def erring(shipped):
    """Return a random network inside the shipped model: hundreds of mistakes."""
    return model_of(shipped, 20)


def centre(bounds):
    left, bottom, width, height = bounds
    return left + width / 2, bottom + height / 2


def without(dataset, absent):
    """Return the data set without a class among its test digits."""
    kept = dataset.test.labels != absent
    test = replace(dataset.test, pixels=dataset.test.images[kept], labels=dataset.test.labels[kept])
    return replace(dataset, test=test)


def printed(line):
    return int(line.text.replace(",", "") or 0)


@pytest.mark.parametrize("model", ["shipped", "erring"])
def test_every_cell_and_sum_is_the_evaluations_and_they_add_up(open_mistakes, request, model):
    window = open_mistakes(request.getfixturevalue(model))
    confusion = window.session.evaluation.confusion
    matrix, sums = window.view.matrix, window.view.matrix.sums
    shown = np.array([[printed(line) for line in row] for row in matrix.counts])
    assert (shown == confusion).all()
    assert all(line.text != "0" for row in matrix.counts for line in row)  # an empty cell is empty
    wrong = shown - np.diag(np.diag(shown))
    assert [printed(line) for line in sums.errors] == wrong.sum(axis=1).tolist()
    assert [printed(line) for line in sums.columns] == wrong.sum(axis=0).tolist()
    assert [printed(line) for line in sums.totals] == shown.sum(axis=1).tolist()
    assert sums.in_all.text == f"{thousands(int(wrong.sum()))} in all"
    lengths, errors = sums.bars.bounds[:, 2], wrong.sum(axis=1)
    assert lengths * errors.max() == pytest.approx(lengths.max() * errors)


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_are_those_of_the_key_whose_end_is_true(open_mistakes, erring, theme):
    window = open_mistakes(erring, theme=theme)
    matrix, end = window.view.matrix, int(window.view.matrix.key.top.text)
    assert matrix.wrong.max() <= end < 2 * matrix.wrong.max()
    off = [cell for cell in np.ndindex(10, 10) if cell[0] != cell[1]]
    colors = color_values(THEMES[theme].activations, [matrix.wrong[cell] for cell in off], end)
    assert (matrix.blocks.colors == colors).all()
    for (row, column), color in zip(off, colors, strict=True):
        for run in matrix.counts[row][column].runs():
            assert run.color == black_or_white(color)
    assert (
        matrix.key.bar.cells[0]
        == color_values(THEMES[theme].activations, np.linspace(0, end, matrix.key.bar.cells.shape[1]), end)
    ).all()


def test_what_is_written_on_a_colour_is_read():
    def luminance(color):
        srgb = np.array(color[:3]) / 255
        return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)

    for theme in THEMES.values():
        for color in theme.activations:
            light, dark = sorted((luminance(color), luminance(rgb(black_or_white(color)))), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.58


@pytest.mark.parametrize("model", ["shipped", "erring"])
def test_the_headline_says_the_errors_and_their_interval(open_mistakes, request, model):
    window = open_mistakes(request.getfixturevalue(model))
    found = window.session.evaluation
    low, high = percent_interval(*found.interval)
    assert window.headline.verdict.text.startswith(f"{found.errors} mistakes in {found.count} test digits ")
    assert window.headline.verdict.text.endswith(f" % right, 95 % interval {low} to {high}")
    assert float(low) < 100 * found.accuracy < float(high)
    assert window.headline.title == window.headline.verdict.text


def test_it_begins_at_the_most_frequent_mistake_with_the_surest_first(open_mistakes, erring):
    window = open_mistakes(erring)
    found, gallery = window.session.evaluation, window.view.gallery
    wrong = found.confusion - np.diag(np.diag(found.confusion))
    truth, answer = window.view.focus.cell
    assert wrong[truth, answer] == wrong.max()
    assert gallery.heading.text == f"{truth} read as {answer} {wrong.max()} times"
    digits = found.cell(truth, answer)
    for digit, (picture, one, two) in zip(digits, gallery.tiles[:gallery.visible_count], strict=False):
        image = window.session.digits.images[digit].reshape(28, 28)
        assert (picture.cells == color_values(THEMES["dark"].ink, image, 1)).all()
        assert one.text == percent(found.outputs[digit, answer])
        assert two.text == thousands(int(digit))
    assert window.view.matrix.ring.around == window.readout.ring.around == window.view.matrix.bounds_of(truth, answer)
    bold = [line.text for line in window.view.matrix.truths if line.runs()[0].bold]
    assert bold == [str(truth)]
    assert [line.text for line in window.view.matrix.answers if line.runs()[0].bold] == [str(answer)]


def test_on_the_diagonal_the_least_sure_come_first(open_mistakes, press):
    window = open_mistakes()
    press(window, "3", "v", "3")
    assert window.session.cell == (3, 3)
    found, digits = window.session.evaluation, window.view.gallery.all
    assert (np.diff(found.outputs[digits, 3]) >= 0).all()
    assert window.view.gallery.order.text.startswith("the least sure first")


def test_a_figure_chooses_the_row_and_v_the_column(open_mistakes, press, erring):
    window = open_mistakes(erring)
    wrong = window.session.evaluation.confusion - np.diag(np.diag(window.session.evaluation.confusion))
    for truth in range(10):
        press(window, str(truth))
        assert window.session.cell == (truth, int(wrong[truth].argmax()) if wrong[truth].any() else truth)
        assert window.view.focus.cell == window.session.cell
        press(window, "v")
        assert window.readout.line.text.startswith(f"{truth} read as which class?")
        press(window, "4")
        assert window.session.cell == (truth, 4)
        assert not window.session.selection.awaits_contrast_class


def test_while_an_answer_is_asked_for_a_click_gives_it_and_escape_leaves(open_mistakes, press, mouse):
    window = open_mistakes()
    press(window, "v", "escape")
    assert window.prompt is None
    press(window, "v")
    mouse(window, *centre(window.view.matrix.bounds_of(6, 1)), click=True)
    assert window.session.cell == (6, 1)
    assert window.prompt is None


def test_arrows_choose_cells_and_enter_leads_to_the_digits_and_to_why(open_mistakes, press, erring):
    window = open_mistakes(erring)
    truth, answer = cell = window.view.focus.cell
    press(window, "down" if truth < 9 else "up")
    assert window.session.cell == (truth + 1 if truth < 9 else truth - 1, answer)
    press(window, "up" if truth < 9 else "down", "enter")
    assert window.session.cell == cell
    assert window.view.focus.panel is window.view.gallery
    press(window, "right")
    digit = window.session.evaluation.cell(*cell)[1]
    assert window.readout.line.text.startswith(f"test digit {digit} ✗ wrong reads {answer}")
    press(window, "enter")
    assert window.view.key == "w"
    assert (window.session.index, window.session.selected_class, window.session.contrast_class) == (
        digit,
        answer,
        truth,
    )
    press(window, "escape")
    assert window.view.key == "m"
    assert window.session.cell == cell
    press(window, "enter")  # where one was
    assert window.view.gallery.digit_at(*window.view.focus.cell) == digit
    assert window.view.gallery.shown_mark.get_visible()


def test_from_why_one_comes_back_to_the_page_one_was_on(open_mistakes, press, erring):
    window = open_mistakes(erring)
    assert len(window.view.gallery.all) > window.view.gallery.visible_count
    press(window, "enter", *["down"] * 30, "enter")
    index = window.session.index
    press(window, "escape")
    gallery = window.view.gallery
    assert index in gallery.all[gallery.first * gallery.columns:][:gallery.visible_count]
    press(window, "enter")
    assert gallery.digit_at(*window.view.focus.cell) == index
    press(window, "g", *str(index), "enter", "escape")
    truth, answer = window.session.cell
    window.session.selection.select_class(next(one for one in range(10) if one not in window.session.cell))
    spot = gallery.first_cell(window.session)
    gallery.choose(window.session, *spot)  # the same digit: what is asked is its answer again
    assert (window.session.selected_class, window.session.contrast_class) == (answer, truth)


def test_escape_leads_from_the_gallery_to_the_matrix_and_then_back(open_mistakes, press):
    window = open_mistakes()
    press(window, "enter", "escape")
    assert window.view.focus.panel is window.view.matrix
    press(window, "escape")
    assert window.view.key == "e"


def test_the_mouse_opens_a_cell_and_a_digit(open_mistakes, mouse, erring):
    window = open_mistakes(erring)
    found, matrix, gallery = window.session.evaluation, window.view.matrix, window.view.gallery
    truth, answer = next(cell for cell in zip(*np.nonzero(matrix.wrong), strict=True)
                         if cell != window.view.focus.cell and found.confusion[cell] > 1)
    mouse(window, *centre(matrix.bounds_of(truth, answer)), click=True)
    assert window.session.cell == (truth, answer)
    assert window.view.focus.panel is gallery
    mouse(window, *centre(gallery.tile_bounds(0, 1)), click=True)
    assert (window.view.key, window.session.index) == ("w", found.cell(truth, answer)[1])


def test_every_spot_has_an_account_that_mouse_and_cursor_share(open_mistakes, press, mouse, erring):
    window = open_mistakes(erring)
    matrix = window.view.matrix
    rows, columns = matrix.grid(window.session)
    for row in range(rows):
        for column in range(columns):
            bounds = matrix.bounds_of(row, column)
            mouse(window, *centre(bounds))
            said = window.readout.line.text
            assert window.readout.ring.around == bounds
            window.view.focus.cell = row, column
            assert window.view.focus.describe()[1] == bounds
            for left, right in re.findall(r"((?:[\d,]+ \+ )+[\d,]+) = ([\d,]+)", said):
                assert sum(int(part.replace(",", "")) for part in left.split("+")) == int(right.replace(",", ""))
    for column in range(10):
        window.view.focus.cell = 10, column
        said = " ".join(run.text for run in window.view.focus.describe()[0])
        assert f"{matrix.wrong[:, column].sum()} and rightly {matrix.counts[column][column].text}" in said
    press(window, "enter")
    for row, column in np.ndindex(*window.view.gallery.grid(window.session)):
        window.view.focus.cell = row, column
        assert window.view.focus.describe()[0]


def test_a_cells_account_says_how_often_in_how_many_and_the_other_way_round(open_mistakes, mouse, erring):
    window = open_mistakes(erring)
    confusion = window.session.evaluation.confusion
    truth, answer = window.view.focus.cell
    total = confusion[truth].sum()
    said = f"{truth} read as {answer} {confusion[truth, answer]} times in {total} " \
           f"{100 * confusion[truth, answer] / total:.2f} % and {answer} as {truth} {confusion[answer, truth]} time"
    assert window.readout.line.text.startswith(said)


def test_a_sum_leads_to_its_most_frequent_mistake(open_mistakes, mouse, erring):
    window = open_mistakes(erring)
    matrix, wrong = window.view.matrix, window.view.matrix.wrong
    truth = int(wrong.sum(axis=1).argmax())
    mouse(window, *centre(matrix.bounds_of(truth, 10)), click=True)
    assert window.session.cell == (truth, wrong[truth].argmax())
    answer = int(wrong.sum(axis=0).argmax())
    mouse(window, *centre(matrix.bounds_of(10, answer)), click=True)
    assert window.session.cell == (wrong[:, answer].argmax(), answer)
    mouse(window, *centre(matrix.bounds_of(10, 10)), click=True)
    assert window.session.cell is None


def test_more_digits_than_fit_are_paged(open_mistakes, press, mouse):
    window = open_mistakes()
    press(window, "0", "v", "0", "enter")
    gallery = window.view.gallery
    count, fit = len(gallery.all), gallery.visible_count
    assert count > fit
    assert gallery.pager.where.text == f"1 to {fit} of {count}"
    press(window, *["down"] * gallery.rows)
    assert gallery.pager.where.text == f"{1 + gallery.columns} to {fit + gallery.columns} of {count}"
    assert gallery.tiles[0][2].text == str(gallery.all[gallery.columns])
    assert window.readout.ring.around == gallery.tiles[fit - gallery.columns][0].bounds()
    mouse(window, *centre(gallery.pager.words[1].bounds()))
    assert window.readout.line.text.startswith("more digits")
    mouse(window, *centre(gallery.pager.words[1].bounds()), click=True)
    first, last = gallery.columns + fit + 1, min(count, gallery.columns + 2 * fit)
    assert gallery.pager.where.text == f"{first} to {last} of {count}"
    assert gallery.tile_bounds(*window.view.focus.cell) == gallery.tiles[0][0].bounds()
    mouse(window, *centre(gallery.pager.words[0].bounds()), click=True)
    assert gallery.first == 1
    press(window, *["up"] * 30)
    assert gallery.first == 0
    press(window, *["down"] * 30)
    assert gallery.pager.where.text.endswith(f"to {count} of {count}")


def test_an_empty_cell_says_so(open_mistakes, press):
    window = open_mistakes()
    wrong = window.view.matrix.wrong
    truth, answer = next(cell for cell in np.ndindex(10, 10) if cell[0] != cell[1] and not wrong[cell])
    press(window, str(truth), "v", str(answer))
    assert window.view.gallery.empty_line.text == f"no {truth} is read as {answer}"
    press(window, "enter")
    assert window.view.focus.panel is window.view.matrix
    assert "0 times in" in window.readout.line.text


def test_the_next_misread_digit_leads_to_its_cell(open_mistakes, press):
    window = open_mistakes()
    press(window, "f", "f")
    found, index = window.session.evaluation, window.session.index
    assert window.session.cell == (found.labels[index], found.predictions[index])
    assert index in window.view.gallery.all
    assert window.view.gallery.shown_mark.get_visible()


def test_no_mistakes_at_all(open_mistakes, press, shipped, embedded):
    labels = evaluate(shipped.network, embedded.test.images, embedded.test.labels).predictions
    window = open_mistakes(dataset=replace(embedded, test=replace(embedded.test, labels=labels)))
    assert window.headline.verdict.text.startswith(f"no mistakes in {len(labels)} test digits 100 % right")
    assert window.headline.verdict.text.endswith("to 100")
    assert window.view.matrix.sums.in_all.text == "0 in all"
    truth, answer = window.view.focus.cell
    assert truth == answer == np.bincount(labels).argmax()
    press(window, "f", "up", "enter")
    assert not any(map(len, window.view.matrix.sums.bars.bounds[:, 2].nonzero()))
    window.figure.canvas.draw()


def test_a_class_without_digits(open_mistakes, press, embedded):
    window = open_mistakes(dataset=without(embedded, 3))
    assert window.view.matrix.sums.totals[3].text == "none"
    press(window, "3")
    assert window.view.gallery.empty_line.text == "there is no 3 among the test digits"
    assert window.readout.line.text == "3 read as 3 there is no 3 among the test digits"
    window.figure.canvas.draw()


def test_fewer_classes_make_a_smaller_matrix(open_mistakes, shipped, embedded):
    kept = embedded.test.labels < 3
    test = replace(embedded.test, pixels=embedded.test.images[kept], labels=embedded.test.labels[kept])
    dataset = replace(embedded, test=test, class_names=("a", "b", "c"))
    window = open_mistakes(model_of(shipped, 8, classes=3), dataset=dataset)
    matrix = window.view.matrix
    assert len(matrix.counts) == 3
    assert matrix.box[2] == matrix.box[3] < 300
    check_layout(window, (1400, 800))


def test_a_sigmoid_head_has_outputs(open_mistakes, shipped):
    window = open_mistakes(model_of(shipped, 20, head="sigmoid"))
    found, (truth, answer) = window.session.evaluation, window.view.focus.cell
    assert window.view.gallery.tiles[0][1].text == bounded_fraction(found.outputs[found.cell(truth, answer)[0], answer])
    assert window.view.gallery.order.text == f"the surest mistake first, with the output given to {answer}"


@pytest.mark.parametrize("size", [(120, 90), (1, 1), (5000, 100), (100, 3000)])
def test_a_window_of_any_size_is_drawn(open_mistakes, press, size):
    window = open_mistakes(size=size)
    for key in ("enter", "down", "escape", "7", "v", "7"):
        press(window, key)
        window.figure.canvas.draw()


def test_silencing_counts_anew(open_mistakes, press):
    window = open_mistakes()
    press(window, "x")
    assert (window.session.evaluation.confusion == [[printed(line) for line in row]
                                                   for row in window.view.matrix.counts]).all()
    assert "neuron silenced" in window.headline.ablated.text


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize(("names", "head"), [(LONG_NAMES, "softmax"), (tuple("0123456789"), "sigmoid")])
def test_nothing_overlaps(open_mistakes, press, embedded, shipped, size, names, head):
    window = open_mistakes(model_of(shipped, 20, head=head), dataset=replace(embedded, class_names=names), size=size)
    for keys in ([], ["enter"], ["escape", "7"], ["v"], ["escape", "x"], ["c"]):
        press(window, *keys)
        check_layout(window, size)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_nothing_overlaps_where_there_are_pages_of_sure_digits(open_mistakes, press, embedded, size):
    images, labels = np.tile(embedded.test.images, (4, 1)), np.tile(embedded.test.labels, 4)
    test = replace(embedded.test, pixels=images, labels=labels)
    window = open_mistakes(size=size, dpi=200, dataset=replace(embedded, test=test))
    press(window, "0", "v", "0")
    check_layout(window, size)
    press(window, "enter", *["down"] * 40)
    assert any(one.text == "> 99.9 %" and len(two.text) == 5 for _, one, two in window.view.gallery.tiles)
    check_layout(window, size)


def test_a_gallery_laid_out_anew_is_as_if_it_were_new(open_window, press):
    window = open_window(size=(600, 900))
    press(window, "m")
    resize(window, 900, 600)
    fresh = open_window(size=(900, 600))
    press(fresh, "m")
    for tiles in zip(window.view.gallery.tiles, fresh.view.gallery.tiles, strict=True):
        places = [[(line.x, line.y, line.align) for line in lines] for _, *lines in tiles]
        assert places[0] == places[1]
