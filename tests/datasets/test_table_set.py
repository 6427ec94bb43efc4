"""Files that belong together: a training file and its test file, pictures and their labels."""

import os

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.datasets.split import ALL_ROWS, Split
from neuralscope.errors import InputError
from tests.helpers.table_files import PIXEL_NAMES, write_table

COUNT = 24


@pytest.fixture
def pixels(embedded):
    """Return (COUNT, 784) uint8."""
    return embedded.train.pixels[:COUNT]


@pytest.fixture
def labels(embedded):
    """Return (COUNT,) of 0 to 9."""
    return embedded.train.labels[:COUNT]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def write(name, pixels, labels=None):
    """Write a table, labelled where there are labels."""
    return write_table(name, [*pixels.T] if labels is None else [labels, *pixels.T],
                       PIXEL_NAMES if labels is None else ["label", *PIXEL_NAMES])


@pytest.mark.parametrize(("train", "test"), [
    ("digits.csv", "digits_test.csv"),
    ("digits_train.csv", "digits_test.csv"),
    ("Digits-Train.CSV", "Digits-Test.CSV"),
    ("train.csv", "test.csv"),
    ("training.csv", "testing.csv"),
    ("train-00000-of-00001.csv", "test-00000-of-00001.csv"),
    ("train.csv", "test.tsv"),
    ("train.csv.gz", "test.csv"),
    ("a.train.csv", "a.test.csv.gz"),
])
def test_a_test_file_is_found_by_its_name_and_said(pixels, labels, train, test):
    write(train, pixels, labels)
    separate = len(load(train).test)
    assert separate == COUNT // 6
    write_table(test, [labels[:3], *pixels[:3].T], ["label", *PIXEL_NAMES], "\t" if test.endswith("tsv") else ",")
    dataset = load(train)
    assert (len(dataset.train), len(dataset.test)) == (COUNT, 3)
    assert f"{test} beside it is the test part" in dataset.notice
    assert dataset.split.as_metadata() == {"kind": "test file", "file": test}
    np.testing.assert_array_equal(dataset.test.pixels, pixels[:3])
    assert len(load(train, split=Split()).test) == COUNT // 6  # as it was parted before
    assert len(load(train, split=Split(ALL_ROWS)).test) == COUNT
    with pytest.raises(InputError, match="nothing to learn"):
        assert load(train, split=Split(ALL_ROWS)).train


def test_a_file_named_as_a_test_part_has_none(pixels, labels):
    write("digits_test.csv", pixels, labels)
    write("digits_test_test.csv", pixels, labels)
    assert len(load("digits_test.csv").test) == COUNT // 6


def test_of_several_the_one_of_the_same_format_is_taken(pixels, labels):
    write("train.csv", pixels, labels)
    np.savez("test.npz", x=pixels[:5], y=labels[:5])
    assert "test.npz beside it" in load("train.csv").notice
    write("test.csv", pixels[:3], labels[:3])
    assert "test.csv beside it" in load("train.csv").notice


def test_a_test_file_without_labels_is_left_out_and_said(pixels, labels):
    write("train.csv", pixels, labels)
    write("test.csv", pixels)
    dataset = load("train.csv")
    assert len(dataset.test) == COUNT // 6
    assert "test.csv beside it has no labels and is left out" in dataset.notice


def test_without_names_the_label_of_the_test_file_is_where_that_of_the_other_is(pixels, labels):
    write_table("train.csv", [*pixels.T, labels])
    few = labels == labels[0]
    write_table("test.csv", [*pixels[few].T, labels[few]])  # alone it could not be told
    dataset = load("train.csv")
    assert {dataset.class_names[label] for label in dataset.test.labels} == {str(labels[0])}
    write_table("test.csv", pixels.T)
    assert "has no labels and is left out" in load("train.csv").notice


def test_a_damaged_test_file_is_no_silent_loss(pixels, labels):
    write("train.csv", pixels, labels)
    with open("test.csv", "w") as file:
        file.write("1,2,3\n")
    with pytest.raises(InputError, match=r"test.csv: line 1: 3 values"):
        load("train.csv")


def test_classes_of_both_parts_are_the_classes(pixels, labels):
    write("train.csv", pixels[labels < 3], labels[labels < 3])
    write("test.csv", pixels[labels < 5], labels[labels < 5])
    dataset = load("train.csv")
    assert dataset.class_names == tuple("01234")
    assert "label 3, 4 is in the test part alone" in dataset.notice
    assert set(dataset.train.labels) == {0, 1, 2}


@pytest.mark.parametrize("kind", ["npy", "csv"])
@pytest.mark.parametrize("names", [("X_train", "y_train", "X_test", "y_test"),
                                   ("train_images", "train_labels", "test_images", "test_labels"),
                                   ("train-images", "train-labels", "test-images", "test-labels")])
def test_pictures_and_labels_may_be_in_files_of_their_own(pixels, labels, kind, names):
    def save(name, values):
        if kind == "npy":
            np.save(f"{name}.npy", values)
        else:
            write_table(f"{name}.csv", values.T if values.ndim > 1 else [values],
                        PIXEL_NAMES if values.ndim > 1 else ["0"][:name != "y_test"])

    x_train, y_train, x_test, y_test = names
    save(x_train, pixels)
    dataset = load(f"{x_train}.{kind}")
    assert not dataset.test.has_labels
    np.save(f"{y_train}.npy", labels)
    dataset = load(f"{x_train}.{kind}")
    assert f"the labels are those in {y_train}.npy beside it" in dataset.notice
    assert len(dataset.test) == COUNT // 6
    save(x_test, pixels[:5])
    assert f"{x_test}.{kind} beside it has no labels and is left out" in load(f"{x_train}.{kind}").notice
    save(y_test, labels[:5])
    if kind == "csv":
        write_table(f"{y_test}.csv", [labels[:5]], ["label"])
    dataset = load(f"{x_train}.{kind}")
    assert [dataset.class_names[label] for label in dataset.test.labels] == labels[:5].astype(str).tolist()
    assert (len(dataset.train), len(dataset.test)) == (COUNT, 5)
    np.save(f"{y_train}.npy", labels[1:])
    with pytest.raises(InputError, match=f"{y_train}.npy: there are 23 labels to 24 pictures"):
        load(f"{x_train}.{kind}")


def test_one_hot_labels_in_a_file_of_their_own(pixels, labels):
    np.save("x.npy", pixels)
    np.save("y.npy", np.eye(10)[labels])
    dataset = load("x.npy")
    assert dataset.class_names == tuple(map(str, sorted(set(labels))))


def test_what_cannot_be_listed_has_nothing_beside_it(pixels, labels, monkeypatch):
    write("train.csv", pixels, labels)

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert len(load("train.csv").test) == COUNT // 6


def test_few_rows_are_parted_and_a_class_with_one_row_is_learned(pixels):
    labels = np.array([0] * 6 + [1] * 8 + [2])
    write("few.csv", pixels[:15], labels)
    dataset = load("few.csv")
    assert (len(dataset.train), len(dataset.test)) == (13, 2)
    assert 2 in dataset.train.labels
    write("one.csv", pixels[:3], np.arange(3))
    dataset = load("one.csv")
    assert len(dataset.test) == 3
    assert "there is one row of each of 3 labels, so none is kept to learn" in dataset.notice
    with pytest.raises(InputError, match=r"all rows of one.csv are the test part, so there is nothing to learn"):
        assert dataset.train
