"""Tables in the cache: a large file is read once, and what was kept is never another's."""

import os
import shutil

import numpy as np
import pytest

from neuralscope.datasets import cache, digit_files
from neuralscope.datasets.digit_files import read_digit_tables
from tests.helpers.table_files import PIXEL_NAMES, write_table

WORDS = np.array(["a", "b", "c"])


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Return the path of a table that is large enough to be kept."""
    monkeypatch.setattr(digit_files, "MIN_CACHED_BYTES", 1000)
    pixels = np.random.default_rng(0).integers(256, size=(12, 784))
    return write_table(tmp_path / "digits.csv", [*pixels.T, WORDS[np.arange(12) % 3]], [*PIXEL_NAMES, "label"])


@pytest.fixture
def read_count(monkeypatch):
    """Return a list that grows by one each time a file itself is read."""
    made, read = [], digit_files.make_digit_tables
    monkeypatch.setattr(digit_files, "make_digit_tables", lambda *words: made.append(words) or read(*words))
    return made


def kept():
    return sorted(cache.cache_folder().iterdir())


def assert_same(first, second):
    assert first.keys() == second.keys()
    for part in first:
        np.testing.assert_array_equal(first[part].pixels, second[part].pixels)
        np.testing.assert_array_equal(first[part].labels, second[part].labels)
        assert (first[part].class_names, first[part].notice, first[part].label_column) == (
            second[part].class_names, second[part].notice, second[part].label_column)


def test_a_second_start_reads_no_text(path, read_count):
    first = read_digit_tables(path)
    assert_same(read_digit_tables(path), first)
    assert len(read_count) == 1
    assert first[""].class_names == ("a", "b", "c")


def test_every_kind_of_table_comes_back_as_it_was(tmp_path, path):
    pixels, labels = np.random.default_rng(1).random((12, 784)), np.arange(12) % 2
    write_table(tmp_path / "guessed.csv", [labels, *pixels.T])
    write_table(tmp_path / "bare.csv", pixels.T)
    np.savez(tmp_path / "parts.npz", x_train=pixels, y_train=labels, x_test=pixels, y_test=np.arange(12) * 90)
    for name in ("guessed.csv", "bare.csv", "parts.npz"):
        first = read_digit_tables(tmp_path / name)
        assert_same(read_digit_tables(tmp_path / name), first)
    assert first["test"].class_names[-1] == "990"
    assert len(kept()) == 3


def test_a_copy_is_known_and_another_name_of_column_is_not(path, read_count):
    read_digit_tables(path)
    shutil.copy2(path, path.with_name("copy.csv"))
    read_digit_tables(path.with_name("copy.csv"))
    assert len(read_count) == 1
    read_digit_tables(path, "785")
    assert len(read_count) == 2


def test_a_changed_file_is_read_anew_whatever_its_time_says(path, read_count):
    read_digit_tables(path)
    entry, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-2] + b"c\n" if content[-2:] != b"c\n" else content[:-2] + b"a\n")
    os.utime(path, ns=(entry.st_atime_ns, entry.st_mtime_ns))
    assert path.stat().st_size == entry.st_size
    assert read_digit_tables(path)[""].labels[-1] == 0
    assert len(read_count) == 2


def test_another_way_of_reading_does_not_find_what_was_kept(path, read_count, monkeypatch):
    read_digit_tables(path)
    monkeypatch.setattr(digit_files, "recipe_digest", lambda: "another")
    read_digit_tables(path)
    assert len(read_count) == 2


@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: content[:-1], lambda content: content + b"x",
                                    lambda content: content[:900] + bytes([content[900] ^ 1]) + content[901:]])
def test_what_is_damaged_is_read_anew(path, read_count, damage):
    first = read_digit_tables(path)
    (entry,) = kept()
    entry.write_bytes(damage(entry.read_bytes()))
    assert_same(read_digit_tables(path), first)
    assert len(read_count) == 2


def test_another_table_under_that_name_is_read_anew(path, read_count, tmp_path):
    first = read_digit_tables(path)
    (entry,) = kept()
    write_table(tmp_path / "other.csv", [np.arange(12) % 2, *np.zeros((784, 12), int)], ["label", *PIXEL_NAMES])
    read_digit_tables(tmp_path / "other.csv")
    (other,) = set(kept()) - {entry}
    shutil.copy(other, entry)
    assert_same(read_digit_tables(path), first)
    assert len(read_count) == 3


def test_a_cache_that_cannot_be_written_is_not_fatal(path, monkeypatch):
    (path.parent / "file").touch()
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(path.parent / "file" / "cache"))
    assert_same(read_digit_tables(path), read_digit_tables(path))


def test_old_tables_go_and_the_last_used_stay(path, monkeypatch):
    size = 12 * 785 + 1000
    monkeypatch.setattr(cache, "MAX_ARRAYS_BYTES", 3 * size)
    arrays = [np.zeros((12, 785), np.uint8)]
    for number in range(3):
        cache.write_arrays(f"table-{number}", "here", arrays)
        os.utime(cache.cache_folder() / f"table-{number}.npys", (number, number))
    assert cache.read_arrays("table-0", "here") is not None  # used now
    (cache.cache_folder() / "digits.npy").touch()
    cache.write_arrays("table-3", "here", arrays)
    assert [entry.name for entry in kept()] == ["digits.npy", "table-0.npys", "table-2.npys", "table-3.npys"]
    cache.write_arrays("large", "here", [np.zeros(4 * size, np.uint8)])
    assert len(kept()) == 4


def test_small_files_are_not_kept(path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(path.parent / "cache"))
    read_digit_tables(path)
    assert not (path.parent / "cache").exists()
