"""A folder of pictures as a data set: what is kept comes back, and what is wrong is told in a line."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from neuralscope import images, safe_files
from neuralscope.data_loader import load
from neuralscope.datasets import image_folder
from neuralscope.errors import InputError
from neuralscope.visualizer.session.strokes import Strokes
from tests.helpers.environment import PROJECT


def drawing(slope=0.4, side=280):
    pad = Strokes(side)
    pad.begin(0.3, 0.2, 0.08)
    pad.move(0.3 + slope, 0.8)
    pad.end()
    return pad.picture


def put(home, name, picture=None):
    """Write a picture file and make its folders."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.array(drawing() if picture is None else picture)).save(path)
    return path


def one_line(error):
    text = str(error.value)
    assert text.isprintable()
    return text


def test_a_kept_drawing_read_again_is_the_very_digit(tmp_path):
    drawings = {7: drawing(-0.2), 1: drawing(0)}
    for label, picture in drawings.items():
        path = image_folder.save_digit(tmp_path / "new" / "my-digits", label, picture)
        assert path == tmp_path / "new" / "my-digits" / str(label) / "0001.png"
        np.testing.assert_array_equal(Image.open(path), picture)
    pixels, labels, notice = image_folder.read_image_folder(tmp_path / "new" / "my-digits")
    assert labels.tolist() == [1, 7]
    assert notice == ""
    for digit, label in zip(pixels, labels, strict=True):
        np.testing.assert_array_equal(digit, images.as_digit(drawings[int(label)]))


@pytest.mark.parametrize("make", [
    lambda ink: ink,
    lambda ink: ink > 100,
    lambda ink: ink.astype(np.uint16) ** 2,
    lambda ink: ink.astype(np.int64),
    lambda ink: np.sqrt(ink / np.float32(255)),
    lambda ink: 255 - ink,
    lambda ink: ink[:, :, np.newaxis],
    lambda ink: np.stack([ink, np.full_like(ink, 255)], axis=2),
    lambda ink: np.stack([ink, 255 - ink, ink // 2], axis=2),
    lambda ink: np.stack([np.zeros_like(ink)] * 3 + [ink], axis=2),
    lambda ink: np.stack([ink, ink, ink], axis=2).astype(np.uint16) * 257,
    lambda ink: ink[::9, ::9],
])
def test_any_picture_that_can_be_read_can_be_kept(tmp_path, make):
    picture = make(drawing())
    image_folder.save_digit(tmp_path, 3, picture)
    pixels, labels, notice = image_folder.read_image_folder(tmp_path)
    assert (labels.tolist(), notice) == ([3], "")
    np.testing.assert_allclose(pixels[0], images.as_digit(picture), atol=1e-4)


@pytest.mark.parametrize(("label", "picture", "words"), [
    (10, drawing(), "10 is no digit"),
    ("x", drawing(), "choose one of 0 to 9"),
    (3, np.full((28, 28), np.nan), "not finite"),
    (3, np.zeros(784, np.uint8), "no picture"),
])
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(tmp_path, label, picture, words):
    with pytest.raises(InputError, match=words):
        image_folder.save_digit(tmp_path, label, picture)
    assert not list(tmp_path.iterdir())


def test_numbers_go_on_and_nothing_is_overwritten(tmp_path):
    names = [image_folder.save_digit(tmp_path, 4, drawing()).name for _ in range(2)]
    put(tmp_path, "4/0041.jpg")
    put(tmp_path, "4/a99.png")
    names.append(image_folder.save_digit(tmp_path, 4, drawing()).name)
    (tmp_path / "4" / "0001.png").unlink()
    names.append(image_folder.save_digit(tmp_path, 4, drawing()).name)
    (tmp_path / "4" / "9999.png").mkdir()
    names.append(image_folder.save_digit(tmp_path, 4, drawing()).name)
    assert names == ["0001.png", "0002.png", "0042.png", "0043.png", "10000.png"]


def test_a_program_that_is_faster_keeps_its_number(tmp_path, monkeypatch):
    real, calls = os.listdir, []

    def look(path):
        names = real(path)
        if not calls:
            calls.append(path)
            image_folder.save_digit(tmp_path, 4, drawing(0))  # another program, between the look and the writing
        return names

    monkeypatch.setattr(os, "listdir", look)
    assert image_folder.save_digit(tmp_path, 4, drawing()).name == "0002.png"
    np.testing.assert_array_equal(Image.open(tmp_path / "4" / "0001.png"), drawing(0))


def test_many_programs_keep_at_once_and_lose_nothing(tmp_path):
    program = ("import sys, numpy; from neuralscope.datasets import image_folder\n"
               "for number in range(20): image_folder.save_digit(sys.argv[1], 5, numpy.eye(9, dtype=bool))")
    programs = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=PROJECT, stderr=subprocess.PIPE)
                for _ in range(3)]
    assert [one.communicate()[1][-300:] for one in programs] == [b""] * 3
    assert sorted(os.listdir(tmp_path / "5")) == [f"{number:04d}.png" for number in range(1, 61)]
    assert image_folder.read_image_folder(tmp_path)[2] == ""


@pytest.mark.parametrize("stopped", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_picture_is_written_whole_or_not_at_all(tmp_path, monkeypatch, stopped):
    def full(descriptor):
        raise stopped

    monkeypatch.setattr(safe_files.os, "fsync", full)
    with pytest.raises((InputError, KeyboardInterrupt)) as error:
        image_folder.save_digit(tmp_path, 4, drawing())
    assert not os.listdir(tmp_path / "4")
    if isinstance(stopped, OSError):
        assert "cannot be written (No space left on device); make room, or keep it in another folder" in one_line(error)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "a\nfile").touch()
    for place in (tmp_path / "a\nfile", tmp_path / "a\nfile" / "b", tmp_path / ("n" * 300)):
        with pytest.raises(InputError, match=r"cannot be written \(.*\); .*, or keep it in another folder$") as error:
            image_folder.save_digit(place, 4, drawing())
        one_line(error)
    assert os.listdir(tmp_path) == ["a\nfile"]


def test_a_folder_is_a_data_set_to_look_at(tmp_path):
    home = tmp_path / "many hands"
    put(home, "0/b.png", 255 - drawing())
    put(home, "0/10.png")
    put(home, "0/9.jpg")
    put(home, "0/deeper/1.png")
    np.save(put(home, "9/x.png").with_suffix(".npy"), np.stack([drawing(side=28)] * 2))
    os.makedirs(home / "5")
    os.makedirs(home / ".git")
    dataset = load(home)
    assert (dataset.name, dataset.source, dataset.notice) == ("many hands/", "a folder of pictures", "")
    assert dataset.class_names == tuple("0123456789")
    assert dataset.test.labels.tolist() == [0, 0, 0, 0, 9, 9, 9]
    assert dataset.test.labels.dtype == np.int64
    assert (dataset.test.images.shape, dataset.test.images.dtype) == ((7, 784), np.float32)
    digit = images.as_digit(drawing())
    np.testing.assert_array_equal(dataset.test.images[1], digit)  # 10.png comes after 9.jpg
    np.testing.assert_allclose(dataset.test.images[2], digit, atol=0.02)  # dark ink
    np.testing.assert_allclose(dataset.test.images[4] * 255, drawing(side=28).reshape(784), atol=1e-4)  # as it is
    with pytest.raises(InputError, match=r"nothing to train on; put folders 0 to 9 .* into .*train") as error:
        _ = dataset.train
    one_line(error)


@pytest.mark.parametrize("name", ["test", "hands"])
def test_parts_lie_in_train_and_test(tmp_path, name):
    home = tmp_path / name
    put(home, "3/1.png")
    put(home, "train/4/1.png", drawing(-0.1))
    put(home, "train/5/1.png")
    dataset = load(home)
    assert (dataset.test.labels.tolist(), dataset.train.labels.tolist()) == ([3], [4, 5])
    np.testing.assert_array_equal(dataset.train.images[0], images.as_digit(drawing(-0.1)))
    put(home, "test/8/1.png")
    assert load(home).test.labels.tolist() == [8]


def test_what_cannot_be_read_is_left_out_and_said(tmp_path):
    put(tmp_path, "2/1.png")
    put(tmp_path, "2/3.png", np.zeros((50, 50), np.uint8))
    (tmp_path / "2" / "2\n.png").write_bytes(b"no picture")
    (tmp_path / "readme.txt").write_text("hello")
    dataset = load(tmp_path)
    assert dataset.test.labels.tolist() == [2]
    assert dataset.notice.startswith(f"3 left out of {tmp_path}, as 2/2\\n.png: is not a picture")
    assert dataset.notice.isprintable()
    (tmp_path / "2" / "2\n.png").unlink()
    assert "as 2/3.png: " in load(tmp_path).notice
    assert "no ink" in load(tmp_path).notice
    (tmp_path / "2" / "3.png").unlink()
    assert load(tmp_path).notice == f"1 left out of {tmp_path}, as readme.txt: is in no digit's folder"


@pytest.mark.parametrize("names", [[], ["4/"], ["train/"], ["1.png"], ["4/a.txt"]])
def test_a_folder_without_a_picture_of_a_digit_is_refused(tmp_path, names):
    home = tmp_path / "a\nfolder"
    home.mkdir()
    for name in names:
        if name.endswith(".png"):
            put(home, name)
        else:
            (home / name).parent.mkdir(exist_ok=True)
            (home / name).mkdir() if name.endswith("/") else (home / name).write_text("x")
    with pytest.raises(InputError, match=r"holds no picture of a digit; .* named 0 to 9 .* as 4/0001\.png") as error:
        load(home)
    assert ("1 left out" in one_line(error)) == (names in (["1.png"], ["4/a.txt"]))


@pytest.mark.parametrize("name", ["four", "10", "04", "-1", "٤", "a\nb", "test/x", "train/y", "train/test"])
def test_folders_that_are_no_digits_are_refused(tmp_path, name):
    put(tmp_path, "4/1.png")
    put(tmp_path, f"{name}/1.png")
    with pytest.raises(InputError, match=r"is no digit's folder; .* named 0 to 9") as error:
        _ = load(tmp_path).train
    one_line(error)


@pytest.mark.parametrize("action", [lambda home: image_folder.save_digit(home, 4, drawing()), load])
def test_a_folder_without_permission_is_told(tmp_path, monkeypatch, action):
    def refuse(path):  # what it says to everybody but root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(InputError, match=r"cannot be (read|written) \(Permission denied\)") as error:
        action(tmp_path)
    one_line(error)


def test_a_link_back_is_read_once(tmp_path):
    put(tmp_path, "4/1.png")
    os.symlink(tmp_path / "4", tmp_path / "4" / "again")
    assert len(load(tmp_path).test) == 1


def test_a_known_name_is_that_set_even_where_a_folder_is_called_so(warm, tmp_path, monkeypatch):
    put(tmp_path, "digits/4/1.png")
    monkeypatch.chdir(tmp_path / "digits")
    assert load(".").name == "digits/"
    monkeypatch.chdir(tmp_path)
    assert load("digits").name == "digits"
    assert load(os.path.join(".", "digits")).name == "digits/"
    assert load(tmp_path / "digits").name == "digits/"


def test_a_name_that_is_neither_says_that_a_folder_may_be(tmp_path):
    with pytest.raises(InputError, match=r"or another table .*, or a folder of pictures in folders named 0 to 9"):
        load(tmp_path / "missing")
