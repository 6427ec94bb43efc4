"""A folder as a data set: the layouts that archives, libraries and systems leave, whole and damaged."""

import os
import shutil
import sys

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.datasets import idx, idx_layout, registry
from neuralscope.errors import InputError
from tests.helpers.mnist_files import IMAGES, LABELS, idx_bytes, pack, write_idx

TEST_COUNT, TRAIN_COUNT = 20, 30
FILES = {"test": (IMAGES, LABELS), "train": registry.FILE_NAMES["train"]}


@pytest.fixture
def digits(embedded):
    """Return ``{part: (images (n, 28, 28), labels (n,))}`` uint8, of the embedded digits."""
    return {part: (source.pixels[:count].reshape(-1, 28, 28), source.labels[:count].astype(np.uint8))
            for part, source, count in (("test", embedded.test, TEST_COUNT), ("train", embedded.train, TRAIN_COUNT))}


def write(home, digits, spell=lambda file: file):
    """Write the four files of ``digits``, each where ``spell(published name)`` says."""
    for part, files in FILES.items():
        for file, values in zip(files, digits[part], strict=True):
            write_idx(home / spell(file), values)


def write_qmnist(home, digits, spell=lambda file: file):
    """Write the four files as QMNIST has them: labels of eight columns int32."""
    for part, (images, labels) in digits.items():
        columns = np.column_stack([labels, *np.full((7, len(labels)), 77)]).astype(np.int32)
        for file, values in zip(registry.QMNIST_FILE_NAMES[part], (images, columns), strict=True):
            write_idx(home / spell(file), values)


def check(dataset, digits):
    """Check that a data set holds the digits."""
    for part, found in (("test", dataset.test), ("train", dataset.train)):
        np.testing.assert_array_equal(found.pixels.reshape(-1, 28, 28), digits[part][0])
        np.testing.assert_array_equal(found.labels, digits[part][1])


def refused(path, words, part="test"):
    with pytest.raises(InputError, match=words) as caught:
        getattr(load(path), part)
    assert str(caught.value).isprintable()
    return str(caught.value)


def unpacked(file):
    return file.removesuffix(".gz")


def dotted(file):
    return file.replace("-idx", ".idx")


@pytest.mark.parametrize("place", [".", "raw", "mnist", "MNIST", "MNIST/raw"])
@pytest.mark.parametrize("spell", [
    str, unpacked, dotted,
    lambda file: unpacked(dotted(file)),
    lambda file: f"{unpacked(file)}/{unpacked(file)}",  # as Kaggle's archive is unpacked
    lambda file: f"{unpacked(file)}/{dotted(unpacked(file))}",
    lambda file: f"{file}/{unpacked(file)}",
])
def test_idx_files_are_found_wherever_they_are_left(tmp_path, digits, place, spell):
    write(tmp_path / "somebody's" / place, digits, spell)
    dataset = load(tmp_path / "somebody's")
    check(dataset, digits)
    assert dataset.source == "files in a folder (unknown checksums)"
    assert dataset.class_names == tuple("0123456789")
    named = "mnist" in place.lower()
    assert dataset.name == ("mnist" if named else "somebody's/")
    assert dataset.notice == ("" if named else
                              "nothing says which set somebody's/ holds: its labels are taken for the digits 0 to 9")
    with pytest.raises(InputError, match="20 x 28 x 28 values where 10,000"):
        load("mnist", tmp_path / "somebody's")  # found there too, and held to the published count


@pytest.mark.parametrize(("own", "name"), [("FashionMNIST", "fashion_mnist"), ("KMNIST", "kmnist"), ("MNIST", "mnist")])
def test_folders_of_torchvision_say_which_set_they_hold(tmp_path, digits, own, name):
    write(tmp_path / own / "raw", digits, unpacked)
    for folder in (tmp_path, tmp_path / own, tmp_path / own / "raw"):
        dataset = load(folder)
        check(dataset, digits)
        assert (dataset.name, dataset.class_names) == (name, registry.CLASS_NAMES[name])
        assert dataset.notice == ""


def test_two_sets_in_a_folder_are_not_chosen_between(tmp_path, digits):
    for own in ("MNIST", "FashionMNIST"):
        write(tmp_path / own / "raw", digits)
    refused(tmp_path, "holds more than one data set: mnist, fashion_mnist; name the folder of one")
    assert load(tmp_path / "FashionMNIST").name == "fashion_mnist"


def test_checksums_tell_the_set_where_no_folder_does(tmp_path, digits, monkeypatch):
    write(tmp_path, digits)
    checksums = {file: idx.hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() for file in (IMAGES, LABELS)}
    records = {file: registry.FileRecord("http://x", 1, checksum) for file, checksum in checksums.items()}
    monkeypatch.setattr(registry, "file_records", lambda name: records if name == "kmnist" else {})
    dataset = load(tmp_path)
    assert (dataset.name, dataset.notice) == ("kmnist", "")
    assert dataset.source == "files in a folder (published checksums)"
    (tmp_path / IMAGES).rename(tmp_path / "kept")
    (tmp_path / LABELS).rename(tmp_path / IMAGES)
    (tmp_path / "kept").rename(tmp_path / LABELS)
    refused(tmp_path, f"{IMAGES} is kmnist's {LABELS}, not kmnist's {IMAGES}")


def test_real_files_are_mnist_by_their_checksums(mnist_dir, tmp_path):
    for file in (IMAGES, LABELS):
        os.symlink(mnist_dir / file, tmp_path / dotted(file))
    dataset = load(tmp_path)
    assert (dataset.name, dataset.notice, len(dataset.test)) == ("mnist", "", 10_000)
    assert dataset.source == "files in a folder (published checksums)"


def test_of_files_that_are_there_twice_it_is_said_which_is_taken(tmp_path, digits):
    home = tmp_path / "mnist"
    write(home, digits)
    write_idx(home / dotted(unpacked(LABELS)), digits["train"][1])
    dataset = load(home)
    check(dataset, digits)
    assert dataset.notice == (f"{home / IMAGES} and {LABELS} are taken, {home / dotted(unpacked(LABELS))} is not")


@pytest.mark.parametrize("place", [".", "QMNIST/raw", "qmnist"])
@pytest.mark.parametrize("spell", [str, unpacked])
def test_qmnist_has_its_class_in_the_first_of_eight_columns(tmp_path, digits, place, spell):
    write_qmnist(tmp_path / "q" / place, digits, spell)
    dataset = load(tmp_path / "q")
    check(dataset, digits)
    assert (dataset.name, dataset.notice) == ("q/", "")
    assert dataset.source == "QMNIST's files in a folder (unknown checksums)"
    assert dataset.class_names == tuple("0123456789")
    assert dataset.test.labels.dtype == np.int64


def test_images_that_qmnist_shares_with_mnist_are_no_mistake(tmp_path, digits, monkeypatch):
    write_qmnist(tmp_path, digits)
    checksum = idx.hashlib.sha256((tmp_path / "qmnist-test-images-idx3-ubyte.gz").read_bytes()).hexdigest()
    record = {IMAGES: registry.FileRecord("http://x", 1, checksum)}
    monkeypatch.setattr(registry, "file_records", lambda name: record if name == "mnist" else {})
    check(load(tmp_path), digits)


@pytest.mark.parametrize(("damage", "words"), [
    (lambda content: content[:-5], "labels-idx2-int is truncated: fewer than the 160 values"),
    (lambda content: content[:6], "truncated"),
    (lambda content: content + b"x", "too long"),
    (lambda content: content[:8] + (7).to_bytes(4, "big") + content[12:12 + 4 * 140], "20 x 7 values where 20 x 8"),
    (lambda content: idx_bytes(np.zeros(20, np.uint8)), "wrong magic number 00000801 where 00000c02"),
    (lambda content: idx_bytes(np.full((20, 8), 10, np.int32)), "label 10 at position 0 is outside 0..9"),
    (lambda content: idx_bytes(np.full((20, 8), -1, np.int32)), "label -1 at position 0 is outside 0..9"),
    (lambda content: idx_bytes(np.zeros((19, 8), np.int32)), "holds 19 labels, .* 20 images; they do not belong"),
    (lambda content: idx_bytes(np.zeros((0, 8), np.int32)), "holds nothing"),
])
def test_damaged_labels_of_qmnist(tmp_path, digits, damage, words):
    write_qmnist(tmp_path, digits, unpacked)
    path = tmp_path / "qmnist-test-labels-idx2-int"
    path.write_bytes(damage(path.read_bytes()))
    refused(tmp_path, words)


@pytest.mark.parametrize(("file", "damage", "words"), [
    (IMAGES, lambda content: content[:-1], "truncated: fewer than the 15,680 values"),
    (IMAGES, lambda content: content + b"x", "too long: more than the 15,680 values"),
    (IMAGES, lambda content: content[:4] + (10_000).to_bytes(4, "big") + content[8:], "fewer than the 7,840"),
    (IMAGES, lambda content: content[:8] + (14).to_bytes(4, "big") + content[12:], "20 x 14 x 28 values where 20 x 28"),
    (LABELS, lambda content: idx_bytes(np.zeros(30, np.uint8)), "holds 30 labels, .* 20 images; they do not belong"),
    (LABELS, lambda content: idx_bytes(np.full(20, 46, np.uint8)), "label 46 .* not a file of ten classes"),
    (LABELS, lambda content: b"\1" * 50, "wrong magic number"),
])
def test_damaged_files(tmp_path, digits, file, damage, words):
    write(tmp_path, digits, unpacked)
    path = tmp_path / unpacked(file)
    path.write_bytes(damage(path.read_bytes()))
    refused(tmp_path, words)
    path.rename(tmp_path / file)
    (tmp_path / file).write_bytes(pack((tmp_path / file).read_bytes()))
    refused(tmp_path, words)


def test_half_a_set_is_refused_by_what_is_missing(tmp_path, digits):
    write(tmp_path, digits)
    (tmp_path / LABELS).unlink()
    refused(tmp_path, f"does not hold {IMAGES} and {LABELS}")
    (tmp_path / FILES["train"][0]).unlink()
    write_idx(tmp_path / LABELS, digits["test"][1])
    assert len(load(tmp_path).test) == TEST_COUNT
    refused(tmp_path, "does not hold train-images", "train")


def test_what_a_system_left_is_left_out_with_a_line(tmp_path, digits):
    home = tmp_path / "archive"
    write(home / "mnist", digits)
    write_idx(home / "__MACOSX" / f"._{IMAGES}", digits["test"][0])
    (home / "mnist" / ".DS_Store").write_bytes(b"x")
    dataset = load(home)
    check(dataset, digits)
    assert dataset.notice == "__MACOSX in it is the system's and left out"
    dataset = load(home / "mnist")
    assert dataset.notice == ".DS_Store in it is the system's and left out"


def test_the_only_folder_in_a_folder_is_read(tmp_path, digits):
    home = tmp_path / "download"
    write(home / "stuff", digits)
    (home / "Thumbs.db").write_bytes(b"x")
    dataset = load(home)
    check(dataset, digits)
    assert dataset.name == "download/"
    assert dataset.notice.startswith("its folder stuff is read; Thumbs.db in it is the system's and left out; nothing ")
    shutil.copytree(home / "stuff", home / "more")
    refused(home, "is no digit's folder")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="pathlib has an os.stat of its own")
@pytest.mark.parametrize("refusing", [".", "MNIST/raw"])
def test_an_unreadable_folder_of_files_is_one_line(tmp_path, digits, monkeypatch, refusing):
    write(tmp_path / "MNIST" / "raw", digits)
    forbidden, stat = os.path.normpath(tmp_path / refusing), os.stat

    def refuse(path, *args, **options):  # what it says to everybody but root of what lies in a folder of mode 000
        if os.fspath(path).startswith(forbidden + os.sep):
            raise PermissionError(13, "Permission denied")
        return stat(path, *args, **options)

    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(InputError, match="Permission denied") as caught:
        load(tmp_path)
    assert str(caught.value).isprintable()
    with pytest.raises(InputError, match=r"data folder .*Permission denied"):
        load("mnist", tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
@pytest.mark.parametrize("closed", [".", "MNIST", "MNIST/raw"])
def test_a_folder_of_mode_000_is_one_line(tmp_path, digits, closed):
    write(tmp_path / "MNIST" / "raw", digits)
    os.chmod(tmp_path / closed, 0)
    try:
        refused(tmp_path, "Permission denied")
    finally:
        os.chmod(tmp_path / closed, 0o700)


def test_the_spellings_are_those_of_the_published_name(tmp_path):
    for name in ("t10k-images-idx3-ubyte (1).gz", "t10k-images-idx3-ubyte.zip", "xt10k-images-idx3-ubyte"):
        (tmp_path / name).write_bytes(b"x")
    assert idx_layout.spelled_files(tmp_path, IMAGES) == []
    assert idx_layout.find_sets(tmp_path) == []
