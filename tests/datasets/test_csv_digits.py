"""CSV files in Kaggle's form: what is read, and the line that each kind of bad row is refused by."""

import os

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.datasets.csv_digits import read_csv
from neuralscope.errors import InputError

HEADER = "label," + ",".join(f"pixel{i}" for i in range(784))
ROWS = np.random.default_rng(0).integers(256, size=(12, 785))
ROWS[:, 0] = np.arange(12) % 10


def lines(rows=ROWS):
    return [",".join(map(str, row)) for row in rows]


@pytest.fixture
def path(tmp_path):
    """Return the path of a good file with a header."""
    path = tmp_path / "digits.csv"
    path.write_text("\n".join([HEADER, *lines()]) + "\n")
    return path


def refused(path, words, part="test"):
    """Check that the file is refused in one line: its name, what is wrong in these words, what to do."""
    with pytest.raises(InputError, match=words) as caught:
        read_csv(path, part)
    name, _, said = str(caught.value).partition(": ")
    assert name == str(path)
    assert "; " in said
    assert "\n" not in said


@pytest.mark.parametrize("header", [[], [HEADER]])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("mark", ["", "\N{ZERO WIDTH NO-BREAK SPACE}"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n"])
def test_good_files_are_read(tmp_path, header, end, mark, last):
    path = tmp_path / "digits.csv"
    path.write_bytes((mark + end.join(header + lines()) + last).encode())
    for part, rows in (("train", ROWS[:10]), ("test", ROWS[10:])):
        images, labels = read_csv(path, part)
        np.testing.assert_array_equal(images, rows[:, 1:])
        np.testing.assert_array_equal(labels, rows[:, 0])
        assert images.dtype == np.uint8


def test_fractions_are_read_as_they_are(tmp_path):
    path = tmp_path / "digits.csv"
    np.savetxt(path, np.column_stack([ROWS[:, 0], ROWS[:, 1:] / 255]), delimiter=",")
    images, labels = read_csv(path, "test")
    np.testing.assert_allclose(images, ROWS[10:, 1:] / 255, rtol=1e-6)
    np.testing.assert_array_equal(labels, ROWS[10:, 0])
    assert images.dtype == np.float32


def test_whole_numbers_with_a_point_are_whole_numbers(tmp_path):
    path = tmp_path / "digits.csv"
    np.savetxt(path, ROWS, "%.1f", delimiter=",")
    for part, rows in (("train", ROWS[:10]), ("test", ROWS[10:])):
        images, labels = read_csv(path, part)
        np.testing.assert_array_equal(images, rows[:, 1:])
        np.testing.assert_array_equal(labels, rows[:, 0])
        assert images.dtype == np.uint8
    path.write_text("\n".join([*lines()[:11], lines()[11].rsplit(",", 1)[0] + ",1e2"]))
    assert read_csv(path, "test")[0][1, -1] == 100
    path.write_text("\n".join([*lines()[:11], lines()[11].rsplit(",", 1)[0] + ",1e999"]))
    refused(path, "line 12: pixel inf is outside 0..255")


def test_test_file_beside_it_is_the_test_part(path):
    path.with_name("digits_test.csv").write_text("\n".join(lines(ROWS[:3])))
    assert read_csv(path, "train")[1].tolist() == ROWS[:, 0].tolist()
    assert read_csv(path, "test")[1].tolist() == [0, 1, 2]


def test_loaded_as_a_data_set(path):
    dataset = load(str(path))
    assert dataset.name == "digits.csv"
    assert (len(dataset.train), len(dataset.test)) == (10, 2)
    np.testing.assert_array_equal(dataset.test.images, (ROWS[10:, 1:] / 255).astype(np.float32))
    assert dataset.test.labels.dtype == np.int64


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize(("change", "words"), [
    (lambda row: row.rsplit(",", 1)[0], "784 values where 785 were expected"),
    (lambda row: row + ",1", "786 values where 785"),
    (lambda row: row.replace(",", ",abc", 1), "'abc.*' is not a number"),
    (lambda row: row.replace(",", ",nan,", 1).rsplit(",", 1)[0], "'nan' is not a number"),
    (lambda row: row.replace(",", "\r,", 1), ".* is not a number"),
    (lambda row: row.rsplit(",", 1)[0] + ",", "'' is not a number"),
    (lambda row: row.rsplit(",", 1)[0] + ",256", "pixel 256 is outside 0..255; pixels are whole .* or all from 0 to 1"),
    (lambda row: row.rsplit(",", 1)[0] + ",-1", "pixel -1 is outside 0..255"),
    (lambda row: row.rsplit(",", 1)[0] + ",99999", "'99999' is not a number 0..255"),
    (lambda row: "10" + row[1:], "label 10 is not one of 0..9"),
    (lambda row: "", "blank"),
])
@pytest.mark.parametrize("header", [[], [HEADER]])
def test_bad_row_is_refused_by_its_line(tmp_path, part, change, words, header):
    path = tmp_path / "digits.csv"
    rows = lines()
    place = 4 if part == "train" else 10
    rows[place] = change(rows[place])
    path.write_text("\n".join(header + rows))
    refused(path, f"line {len(header) + place + 1}: {words}", part)


def test_fraction_label_and_fraction_past_one(tmp_path):
    path = tmp_path / "digits.csv"
    table = ROWS / 255
    table[:, 0] = 1
    table[11, 5] = 1.5
    np.savetxt(path, table, delimiter=",")
    refused(path, "line 12: pixel 1.5 is outside 0..1")
    table[11, :6] = 0.5
    np.savetxt(path, table, delimiter=",")
    refused(path, "line 12: label 0.5")


def test_one_odd_line_end_moves_no_row(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_bytes("\n".join(lines()).replace("\n", "\r\r\n", 1).encode())
    assert [len(read_csv(path, part)[1]) for part in ("train", "test")] == [10, 2]


def test_bad_first_row_is_no_header(tmp_path):
    path = tmp_path / "digits.csv"
    for first in ("x5", "O", "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}3"):
        path.write_text("\n".join([first + lines()[0][1:], *lines()]), encoding="utf-8")
        refused(path, "line 1: .* is not a number")


@pytest.mark.skipif(os.name == "nt", reason="has no named pipes in folders")
def test_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    refused(tmp_path / "pipe.csv", "is not a file")


@pytest.mark.parametrize("content", ["", "\n\n", HEADER, HEADER + "\n"])
def test_file_without_rows(tmp_path, content):
    path = tmp_path / "digits.csv"
    path.write_text(content)
    refused(path, "has no rows")


def test_one_row_leaves_nothing_to_train_on(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_text(lines()[3])
    assert read_csv(path, "test")[1].tolist() == [3]
    refused(path, "one row only", "train")


def test_missing_file_and_folder(tmp_path):
    refused(tmp_path / "no.csv", "No such file")
    (tmp_path / "no_test.csv").write_text("\n".join(lines()))
    refused(tmp_path / "no.csv", "No such file")
    (tmp_path / "folder.csv").mkdir()
    refused(tmp_path / "folder.csv", "is not a file")


def test_utf16_is_refused(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_bytes("\n".join(lines()).encode("utf-16"))
    refused(path, "line ")
