"""Tables in text: how lines are read, and the line that each kind of bad row is refused by."""

import os

import numpy as np
import pytest

from neuralscope.datasets.delimited_text import read_delimited
from neuralscope.datasets.table_set import read_table_set
from neuralscope.errors import InputError

HEADER = "label," + ",".join(f"pixel{i}" for i in range(784))
ROWS = np.random.default_rng(0).integers(256, size=(12, 785))
ROWS[:, 0] = np.arange(12) % 10


def lines(rows=ROWS):
    return [",".join(map(str, row)) for row in rows]


def refused(path, words):
    """Check that the file is refused in one line: its name, what is wrong in these words, what to do."""
    with pytest.raises(InputError, match=words) as caught:
        read_table_set(path)
    name, _, said = str(caught.value).partition(": ")
    assert name == str(path)
    assert "; " in said
    assert "\n" not in said


@pytest.mark.parametrize("header", [[], [HEADER]])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\N{ZERO WIDTH NO-BREAK SPACE}"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n"])
def test_good_files_are_read(tmp_path, header, end, mark, last):
    path = tmp_path / "digits.csv"
    path.write_bytes((mark + end.join(header + lines()) + last.replace("\n", end)).encode())
    table = read_delimited(path)
    np.testing.assert_array_equal(table.numbers, ROWS)
    assert table.numbers.dtype == np.uint8
    assert table.names == (tuple(HEADER.split(",")) if header else ())
    assert table.first_line == 1 + len(header)
    assert not table.words


def test_blocks_of_rows_make_one_table(tmp_path, monkeypatch):
    path = tmp_path / "digits.csv"
    path.write_text("\n".join([HEADER, *lines()]))
    monkeypatch.setattr("neuralscope.datasets.delimited_text.BLOCK_ROWS", 5)
    np.testing.assert_array_equal(read_delimited(path).numbers, ROWS)
    path.write_text("\n".join(lines(ROWS * 1.0)[:11] + lines(ROWS / 7)[11:]))  # some blocks whole, one not
    np.testing.assert_allclose(read_delimited(path).numbers, np.concatenate([ROWS[:11], ROWS[11:] / 7]), rtol=1e-6)


def test_whole_numbers_with_a_point_or_an_exponent_are_whole_numbers(tmp_path):
    path = tmp_path / "digits.csv"
    np.savetxt(path, ROWS, "%.1f", delimiter=",")
    assert read_delimited(path).numbers.dtype == np.uint8
    path.write_text("\n".join([HEADER, *lines()[:11], lines()[11].rsplit(",", 1)[0] + ",1e2"]))
    assert read_delimited(path).numbers[-1, -1] == 100
    path.write_text("\n".join([HEADER, *lines()[:11], lines()[11].rsplit(",", 1)[0] + ",1e999"]))
    refused(path, "line 13: pixel inf is outside any range")


@pytest.mark.parametrize(("change", "words"), [
    (lambda row: row.rsplit(",", 1)[0], "784 values where 785 were expected"),
    (lambda row: row + ",1", "786 values where 785"),
    (lambda row: row.replace(",", ",abc", 1), "'abc.*' is not a number"),
    (lambda row: row.replace(",", ",nan,", 1).rsplit(",", 1)[0], "'nan' is not a number"),
    (lambda row: row.rsplit(",", 1)[0] + ",", "'' is not a number|the label is empty"),
    (lambda row: row.rsplit(",", 1)[0] + ",256", "pixel 256 is outside 0..255; pixels are whole .* or all from 0 to 1"),
    (lambda row: row.rsplit(",", 1)[0] + ",-1", "pixel -1 is outside 0..255"),
    (lambda row: row.rsplit(",", 1)[0] + ",99999", "pixel 99999 is outside 0..255"),
    (lambda row: row.rsplit(",", 1)[0] + "," + 30 * "9", "'9*' is too large a number"),
    (lambda row: "x5" + row[1:], "'x5' is not a number"),
    (lambda row: "", "blank"),
])
@pytest.mark.parametrize("header", [[], [HEADER]])
@pytest.mark.parametrize("place", [2, 10])
def test_bad_row_is_refused_by_its_line(tmp_path, place, change, words, header):
    path = tmp_path / "digits.csv"
    rows = lines()
    rows[place] = change(rows[place])
    path.write_text("\n".join(header + rows))
    refused(path, f"line {len(header) + place + 1}: ({words})")


def test_fraction_past_one(tmp_path):
    path = tmp_path / "digits.csv"
    table = ROWS / 255
    table[:, 0] = ROWS[:, 0]
    table[11, 5] = 1.5
    np.savetxt(path, table, delimiter=",", header=HEADER, comments="# ")
    refused(path, "line 13: pixel 1.5 is outside 0..1")


def test_a_stray_minus_one_is_no_black(tmp_path):
    path = tmp_path / "digits.csv"
    table = np.column_stack([ROWS[:, 0], (ROWS[:, 1:] > 99) / 2])
    table[3, 9] = -1
    np.savetxt(path, table, delimiter=",", header=HEADER, comments="")
    refused(path, "line 5: pixel -1 is outside 0..1")


def test_bad_first_row_is_no_header(tmp_path):
    path = tmp_path / "digits.csv"
    for first in ("x5", "O", "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}3"):
        path.write_text("\n".join([first + lines()[0][1:], *lines()]), encoding="utf-8")
        refused(path, "line 1: .* is not a number")


def test_a_word_in_a_column_of_pixels_is_told_by_its_line(tmp_path):
    path = tmp_path / "digits.csv"
    for place in (0, 7):
        rows = lines()
        rows[place] = rows[place].replace(",", ",abc,", 1).rsplit(",", 1)[0]
        path.write_text("\n".join([HEADER, *rows]))
        refused(path, f"line {place + 2}: 'abc' is not a number")


@pytest.mark.skipif(os.name == "nt", reason="has no named pipes in folders")
def test_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    refused(tmp_path / "pipe.csv", "is not a file")


@pytest.mark.parametrize("content", ["", "\n\n", HEADER, HEADER + "\n"])
def test_file_without_rows(tmp_path, content):
    path = tmp_path / "digits.csv"
    path.write_text(content)
    refused(path, "has no rows")


def test_missing_file_and_folder(tmp_path):
    refused(tmp_path / "no.csv", "No such file")
    (tmp_path / "no_test.csv").write_text("\n".join(lines()))
    refused(tmp_path / "no.csv", "No such file")
    (tmp_path / "folder.csv").mkdir()
    refused(tmp_path / "folder.csv", "is not a file")
