"""Folders of pictures in the layouts people have: which folder is which part, and what is left out."""

import os

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.errors import InputError
from tests.datasets.test_image_folder import drawing, one_line, put


@pytest.fixture(scope="module")
def prepared():
    """Return a picture (28, 28) that is read as it is: quick."""
    from neuralscope import images

    return np.rint(images.as_digit(drawing()).reshape(28, 28) * 255).astype(np.uint8)


@pytest.mark.parametrize(("train", "test", "source"), [
    ("train", "test", "a folder of pictures"),
    ("training", "testing", "a folder of pictures (test part: testing/)"),  # as mnist_png has them
    ("train", "val", "a folder of pictures (test part: val/)"),
    ("Train", "Validation", "a folder of pictures (test part: Validation/)"),
    ("TRAINING", "valid", "a folder of pictures (test part: valid/)"),
])
def test_the_parts_folders_have_the_names_in_use(tmp_path, prepared, train, test, source):
    put(tmp_path, f"{train}/4/1.png", prepared)
    put(tmp_path, f"{train}/5/1.png", prepared)
    put(tmp_path, f"{test}/3/1.png", prepared)
    dataset = load(tmp_path)
    assert (dataset.test.labels.tolist(), dataset.train.labels.tolist()) == ([3], [4, 5])
    assert (dataset.source, dataset.notice) == (source, "")


@pytest.mark.parametrize(("names", "taken", "left_out"), [
    (["test", "val"], 3, "1 left out of {home}/test, as val: lies beside test"),
    (["testing", "test"], 4, "1 left out of {home}/test, as testing: lies beside test"),
    (["valid", "validation", "testing"], 5, "2 left out of {home}/testing, as valid: lies beside testing"),
    (["test", "train", "training"], 3, "1 left out of {home}/test, as training: lies beside test"),
    (["test", "extra"], 3, "1 left out of {home}/test, as extra: lies beside test"),
    (["test", "."], 3, "1 left out of {home}/test, as 4: lies beside test"),
])
def test_of_several_folders_for_a_part_one_is_taken_and_the_rest_said(tmp_path, prepared, names, taken, left_out):
    for label, name in enumerate(names, 3):
        put(tmp_path, f"{name}/{label}/1.png", prepared)
    dataset = load(tmp_path)
    assert dataset.test.labels.tolist() == [taken]
    assert dataset.notice == left_out.format(home=tmp_path)


def test_what_a_system_left_is_left_out_with_a_line(tmp_path, prepared):
    put(tmp_path, "4/1.png", prepared)
    put(tmp_path, "__MACOSX/4/._1.png", prepared)
    assert load(tmp_path).notice == f"1 left out of {tmp_path}, as __MACOSX: is the system's, no picture"
    for name in (".DS_Store", "4/.DS_Store", "4/Thumbs.db", "desktop.ini"):
        (tmp_path / name).write_bytes(b"x")
    dataset = load(tmp_path)
    assert dataset.test.labels.tolist() == [4]
    assert dataset.notice == f"5 left out of {tmp_path}, as .DS_Store: is the system's, no picture"
    (tmp_path / "4" / "2.png").write_bytes(b"no picture")
    assert load(tmp_path).notice.startswith(f"6 left out of {tmp_path}, as 4/2.png: is not a picture")


def test_what_is_left_out_of_the_training_part_is_said_with_it(tmp_path, prepared):
    for part in ("train", "test"):
        put(tmp_path, f"{part}/4/1.png", prepared)
    (tmp_path / "train" / "4" / "2.png").write_bytes(b"no picture")
    (tmp_path / "Thumbs.db").touch()
    dataset = load(tmp_path)
    assert dataset.notice == f"1 left out of {tmp_path / 'test'}, as Thumbs.db: lies beside test"
    assert dataset.train.notice.startswith(f"1 left out of {tmp_path / 'train'}, as 4/2.png: is not a picture")
    assert dataset.prepared("deskew").train.notice == dataset.train.notice


def test_what_lies_beside_the_parts_is_said(tmp_path, prepared):
    put(tmp_path, "archive/train/4/1.png", prepared)
    put(tmp_path, "archive/test/4/1.png", prepared)
    (tmp_path / "archive" / "__MACOSX").mkdir()
    (tmp_path / "archive" / "labels.csv").touch()
    (tmp_path / "Thumbs.db").touch()
    dataset = load(tmp_path / "archive")
    assert dataset.notice == f"2 left out of {tmp_path / 'archive' / 'test'}, as labels.csv: lies beside test"
    dataset = load(tmp_path)  # an archive unpacked into a folder of its own
    assert (dataset.name, dataset.train.labels.tolist()) == (f"{tmp_path.name}/", [4])
    assert dataset.notice.startswith("its folder archive is read; Thumbs.db in it is the system's and left out; 2 ")


def test_folders_of_digits_go_before_idx_files_beside_them(tmp_path, prepared):
    put(tmp_path, "4/1.png", prepared)
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"x")
    dataset = load(tmp_path)
    assert (dataset.source, dataset.test.labels.tolist()) == ("a folder of pictures", [4])
    assert dataset.notice == f"1 left out of {tmp_path}, as t10k-images-idx3-ubyte: is in no digit's folder"


@pytest.mark.parametrize("closed", [".", "test", "test/4", "train/5"])
def test_an_unreadable_folder_of_digits_is_one_line(tmp_path, prepared, monkeypatch, closed):
    put(tmp_path, "test/4/1.png", prepared)
    put(tmp_path, "train/5/1.png", prepared)
    closed, listdir = os.path.normpath(tmp_path / closed), os.listdir

    def refuse(path):  # what it says to everybody but root
        if os.path.normpath(path) == closed:
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(InputError) as error:  # a class that is missing without a word would be worse
        _ = load(tmp_path).train
    assert one_line(error) == f"{closed} cannot be read (Permission denied); name another folder"


def test_an_unreadable_folder_in_a_digit_s_is_left_out(tmp_path, prepared, monkeypatch):
    put(tmp_path, "4/1.png", prepared)
    put(tmp_path, "4/deeper/1.png", prepared)
    closed, listdir = os.path.join(tmp_path, "4", "deeper"), os.listdir

    def refuse(path):
        if os.fspath(path) == closed:
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    dataset = load(tmp_path)
    assert len(dataset.test) == 1
    assert dataset.notice.startswith(f"1 left out of {tmp_path}, as 4/deeper: cannot be read (Permission denied)")


def test_a_folder_that_may_be_listed_but_not_entered_is_one_line(tmp_path, prepared, monkeypatch):
    put(tmp_path, "4/1.png", prepared)
    inside, stat = os.path.join(tmp_path, "4"), os.stat

    def refuse(path, *args, **options):  # what mode 400 says to everybody but root
        if not isinstance(path, int) and os.fspath(path).startswith(inside):
            raise PermissionError(13, "Permission denied")
        return stat(path, *args, **options)

    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(InputError) as error:
        load(tmp_path)
    assert one_line(error) == f"{tmp_path} cannot be read (Permission denied); name another folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
@pytest.mark.parametrize("mode", [0o000, 0o400])
@pytest.mark.parametrize("closed", [".", "test", "test/4"])
def test_a_folder_of_mode_000_is_one_line(tmp_path, prepared, closed, mode):
    put(tmp_path, "test/4/1.png", prepared)
    os.chmod(tmp_path / closed, mode)
    try:
        with pytest.raises(InputError, match=r"Permission denied|holds no picture of a digit") as error:
            load(tmp_path)
        one_line(error)
    finally:
        os.chmod(tmp_path / closed, 0o700)
