"""IDX files in a folder: what is read, and the sentence that each kind of bad file gets."""

import gzip
import shutil

import numpy as np
import pytest

from neuralscope.datasets import idx, registry
from neuralscope.errors import InputError
from tests.helpers.mnist_files import IMAGES, LABELS, pack, write_part


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a made-up test part: right in form, published by nobody."""
    write_part(tmp_path, "test")
    return tmp_path


def refused(folder, words, name="mnist", part="test"):
    """Check that the part is refused in one line that holds the words."""
    with pytest.raises(InputError, match=words) as caught:
        idx.read_idx_folder(folder, name, part)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("place", [".", "kmnist"])
def test_files_are_found_in_the_folder_or_the_set_s_own_packed_or_not(tmp_path, packed, place):
    images, labels = write_part(tmp_path / place, "test", packed)
    found_images, found_labels, source, _ = idx.read_idx_folder(tmp_path, "kmnist", "test")
    np.testing.assert_array_equal(found_images, images.reshape(-1, 784))
    np.testing.assert_array_equal(found_labels, labels)
    assert source == "files in a folder (unknown checksums)"


def test_gzip_is_told_by_content_not_by_name(folder):
    path = folder / IMAGES
    path.write_bytes(gzip.decompress(path.read_bytes()))  # browsers unpack what they download
    assert idx.read_idx_folder(folder, "mnist", "test")[0].shape == (10_000, 784)


def test_missing_folder(tmp_path):
    refused(tmp_path / "nowhere", f"nowhere.*No such file or directory.*{IMAGES}")


def test_folder_that_is_a_file(folder):
    refused(folder / IMAGES, "Not a directory|The directory name is invalid")


def test_unreadable_folder():
    refused("x" * 5000, "File name too long|file name.*too long|syntax is incorrect")


def test_one_file_of_two(folder):
    (folder / LABELS).unlink()
    refused(folder, f"does not hold {IMAGES} and {LABELS}")


def test_training_part_is_not_looked_at(folder):
    idx.read_idx_folder(folder, "mnist", "test")
    refused(folder, "train-images", part="train")


def test_truncated_gzip(folder):
    path = folder / IMAGES
    path.write_bytes(path.read_bytes()[:-500])
    refused(folder, f"{IMAGES} is truncated")


@pytest.mark.parametrize("place", [-6, 2000])
def test_damaged_gzip(folder, place):
    content = bytearray((folder / IMAGES).read_bytes())
    content[place] ^= 0xFF
    (folder / IMAGES).write_bytes(content)
    refused(folder, f"{IMAGES} is damaged .wrong checksum")


@pytest.mark.parametrize(("change", "words"), [
    (lambda content: content[:-1], "truncated: fewer than the 7,840,000 values"),
    (lambda content: content[:6], "truncated: fewer than the 7,840,000 values"),
    (lambda content: content + b"x", "too long: more"),
    (lambda content: b"PNG!" + content[4:], "wrong magic number 504e4721 where 00000803"),
    (lambda content: content[:4] + (9_999).to_bytes(4, "big") + content[8:], "9,999 x 28 x 28 values where 10,000 x"),
    (lambda content: b"", "wrong magic number"),
])
@pytest.mark.parametrize("packed", [True, False])
def test_wrong_content(folder, change, words, packed):
    path = folder / IMAGES
    content = change(gzip.decompress(path.read_bytes()))
    path.write_bytes(pack(content) if packed else content)
    refused(folder, words)


def test_huge_file_is_not_read(folder):
    with open(folder / IMAGES, "wb") as file:
        file.truncate(2**40)  # sparse
    refused(folder, "too long")


def test_images_and_labels_in_each_other_s_place(folder):
    (folder / IMAGES).rename(folder / "kept")
    (folder / LABELS).rename(folder / IMAGES)
    (folder / "kept").rename(folder / LABELS)
    refused(folder, "wrong magic number|too long")


def test_label_past_nine(folder):
    labels = (np.arange(10_000) % 10).astype(np.uint8)
    labels[123] = 10
    (folder / LABELS).write_bytes(pack(bytes([0, 0, 8, 1]) + (10_000).to_bytes(4, "big") + labels.tobytes()))
    refused(folder, f"{LABELS}: label 10 at position 123 is outside 0..9")


def test_file_of_another_set_is_refused_by_that_set_s_name(folder, monkeypatch):
    checksum = idx.hashlib.sha256((folder / IMAGES).read_bytes()).hexdigest()
    record = {IMAGES: registry.FileRecord("http://x", 1, checksum)}
    monkeypatch.setattr(registry, "file_records", lambda name: record if name == "fashion_mnist" else {})
    refused(folder, f"{IMAGES} is fashion_mnist's {IMAGES}, not mnist's")
    idx.read_idx_folder(folder, "fashion_mnist", "test")


def test_class_counts_of_another_set_raise_a_doubt(folder):
    assert idx.read_idx_folder(folder, "mnist", "test")[3] == ""
    assert "may not hold kmnist" in idx.read_idx_folder(folder, "kmnist", "test")[3]
    labels = (np.arange(10_000) % 10).astype(np.uint8)
    (folder / LABELS).write_bytes(bytes([0, 0, 8, 1]) + (10_000).to_bytes(4, "big") + labels.tobytes())
    assert "may not hold mnist" in idx.read_idx_folder(folder, "mnist", "test")[3]
    assert idx.read_idx_folder(folder, "fashion_mnist", "test")[3] == ""


def test_known_labels_raise_no_doubt(folder, monkeypatch):
    checksum = idx.hashlib.sha256((folder / LABELS).read_bytes()).hexdigest()
    record = {LABELS: registry.FileRecord("http://x", 1, checksum)}
    monkeypatch.setattr(registry, "file_records", lambda name: record if name == "kmnist" else {})
    assert idx.read_idx_folder(folder, "kmnist", "test")[3] == ""


def test_published_size_with_another_checksum_is_damage(folder, monkeypatch):
    size = (folder / IMAGES).stat().st_size
    monkeypatch.setattr(idx, "file_records", lambda name: {IMAGES: registry.FileRecord("http://x", size, "0" * 64)})
    refused(folder, "size of mnist's published file but a wrong checksum")


def test_real_mnist(mnist_dir):
    images, labels, source, doubt = idx.read_idx_folder(mnist_dir, "mnist", "test")
    assert source == "files in a folder (published checksums)"
    assert doubt == ""
    assert labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert images.mean() / 255 == pytest.approx(0.1325, abs=1e-4)


@pytest.mark.parametrize("packed", [True, False])
def test_real_mnist_is_known_however_it_is_packed(mnist_dir, tmp_path, packed):
    for file in (IMAGES, LABELS):
        content = gzip.decompress((mnist_dir / file).read_bytes())
        (tmp_path / file).write_bytes(pack(content) if packed else content)
    assert idx.read_idx_folder(tmp_path, "mnist", "test")[2] == "files in a folder (published checksums)"
    refused(tmp_path, "is mnist's t10k-images", "kmnist")


def test_real_training_labels_under_the_test_labels_name(mnist_dir, tmp_path):
    shutil.copy(mnist_dir / IMAGES, tmp_path)
    shutil.copy(mnist_dir / "train-labels-idx1-ubyte.gz", tmp_path / LABELS)
    refused(tmp_path, "is mnist's train-labels-idx1-ubyte.gz, not mnist's t10k-labels")
