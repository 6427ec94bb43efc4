"""load(): which source answers for which name, what it returns, and what it leaves alone."""

import gzip
import pickle
import subprocess
import sys

import numpy as np
import pytest

from neuralscope import data_loader, images
from neuralscope.data_loader import DATASET_NAMES, Digits, load
from neuralscope.datasets import cache
from neuralscope.errors import InputError
from neuralscope.images import preprocessing
from tests.helpers.mnist_files import IMAGES, LABELS, write_part


def check(digits):
    assert isinstance(digits, Digits)
    assert digits.images.shape == (len(digits), 784)
    assert digits.images.dtype == np.float32
    assert digits.images.min() == 0
    assert digits.images.max() == 1
    assert digits.labels.shape == (len(digits),)
    assert digits.labels.dtype == np.int64
    assert set(digits.labels) == set(range(10))


@pytest.mark.usefixtures("warm")
def test_offline_auto_without_mnist_in_the_cache_falls_back(capfd):
    dataset = load()
    assert dataset.name == "digits"
    assert "mnist cannot be downloaded" in dataset.notice
    assert "--data-dir" in dataset.notice
    assert "\n" not in dataset.notice
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "kmnist"])
def test_named_set_never_falls_back(name):
    with pytest.raises(InputError, match=f"{name} cannot be downloaded: .* cannot be reached"):
        load(name)


def test_embedded_digits_are_scikit_learn_s_in_a_fixed_split(embedded):
    from sklearn.datasets import load_digits

    reference, dataset = load_digits(), embedded
    assert dataset.source == "embedded in scikit-learn"
    assert dataset.notice == ""
    assert (len(dataset.train), len(dataset.test)) == (1500, 297)
    for digits, part in ((dataset.train, slice(1500)), (dataset.test, slice(1500, None))):
        check(digits)
        np.testing.assert_array_equal(digits.labels, reference.target[part])
        expected = [images.as_digit(picture / 16) for picture in reference.images[part]]
        np.testing.assert_allclose(digits.images, expected, atol=0.5 / 255 + 1e-6)


@pytest.mark.usefixtures("warm")
def test_embedded_digits_come_out_of_the_cache_the_same(embedded, monkeypatch):
    first = embedded
    monkeypatch.setattr(preprocessing, "as_digit", pytest.fail)  # none is decoded once more
    assert (cache.cache_folder() / "digits.npy").is_file()
    second = load("digits")
    np.testing.assert_array_equal(first.test.images, second.test.images)
    np.testing.assert_array_equal(first.train.labels, second.train.labels)


@pytest.mark.usefixtures("warm")
def test_another_recipe_does_not_find_the_old_one_s_cache(monkeypatch, tmp_path):
    load("digits")
    changed = tmp_path / "preprocessing.py"
    changed.write_text("another recipe")
    monkeypatch.setattr(preprocessing, "__file__", str(changed))
    monkeypatch.setattr(preprocessing, "as_digit", lambda picture: np.ones(784, np.float32))
    assert load("digits").test.images.min() == 1


@pytest.mark.usefixtures("warm")
def test_other_embedded_digits_do_not_find_the_old_ones_cache(monkeypatch):
    load("digits")
    rows = gzip.decompress(data_loader._embedded_file()).splitlines(keepends=True)
    monkeypatch.setattr(data_loader, "_embedded_file", lambda: gzip.compress(b"".join(rows[::-1])))
    monkeypatch.setattr(preprocessing, "as_digit", lambda picture: np.ones(784, np.float32))
    assert load("digits").train.labels[0] == int(float(rows[-1].split(b",")[-1]))


@pytest.mark.usefixtures("warm")
def test_second_start_imports_nothing_heavy():
    program = ("import sys; from neuralscope.data_loader import load; load('digits').train\n"
               "print(*{'sklearn', 'scipy', 'PIL', 'tensorflow_datasets', 'requests'} & set(sys.modules))")
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["auto", "mnist"])
def test_folder_is_read_and_nothing_else_done(tmp_path, monkeypatch, name):
    pixels, labels = write_part(tmp_path, "test")
    dataset = load(name, tmp_path)
    check(dataset.test)
    np.testing.assert_array_equal(dataset.test.images, pixels.reshape(-1, 784) / np.float32(255))
    assert dataset.name == "mnist"
    assert dataset.class_names == tuple("0123456789")
    assert not list(cache.cache_folder().iterdir())
    monkeypatch.setenv("NEURALSCOPE_DATA_DIR", str(tmp_path))
    np.testing.assert_array_equal(load(name).test.labels, labels)
    write_part(tmp_path, "train")
    assert len(dataset.train) == 60_000  # the training part was not missed until here
    assert dataset.train is dataset.train


@pytest.mark.parametrize("name", ["auto", "mnist", "kmnist"])
def test_folder_that_was_named_must_have_the_files(tmp_path, name):
    with pytest.raises(InputError, match=f"does not hold {IMAGES} and {LABELS}"):
        load(name, tmp_path)
    with pytest.raises(InputError, match=r"No such file or directory|cannot find"):
        load(name, tmp_path / "missing")


def test_doubt_about_a_folder_is_a_notice(tmp_path):
    write_part(tmp_path, "test")
    assert "may not hold kmnist" in load("kmnist", tmp_path).notice


def test_changed_folder_is_read_anew(tmp_path):
    write_part(tmp_path, "test")
    first = load("mnist", tmp_path).test.labels
    content = bytearray(8) + bytes(10_000)
    content[:8] = bytes([0, 0, 8, 1]) + (10_000).to_bytes(4, "big")
    (tmp_path / LABELS).write_bytes(content)
    assert first.any()
    assert not load("mnist", tmp_path).test.labels.any()


def test_unknown_name():
    with pytest.raises(InputError, match=r"no data set 'minst'; name one of auto, mnist, .*FILE\.csv"):
        load("minst")
    assert DATASET_NAMES == ("auto", "mnist", "fashion_mnist", "kmnist", "digits")


def test_real_mnist(mnist_dir):
    dataset = load("auto", mnist_dir)
    assert (dataset.name, dataset.notice) == ("mnist", "")
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    for digits in (dataset.train, dataset.test):
        check(digits)
    assert dataset.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel for this process's own peak")
def test_training_part_needs_no_large_temporary(mnist_dir):
    program = (f"from neuralscope.data_loader import load; load('mnist', {str(mnist_dir)!r}).train\n"
               "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')])")
    peak = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(peak) / 1024 < 350  # MiB, of which 188 are the images as float32 and 47 as they lie in the file


@pytest.mark.parametrize(("name", "folder"), [("a\0b.csv", None), ("mnist", "/x\0y")])
def test_name_with_a_nul_is_refused(name, folder):
    with pytest.raises(InputError, match="NUL"):
        load(name, folder)


@pytest.mark.usefixtures("warm")
def test_what_was_loaded_can_be_loaded_again_elsewhere_and_is_the_same(tmp_path):
    write_part(tmp_path, "test")
    for dataset in (load("digits"), load("digits").prepared("deskew"), load("auto"), load("mnist", tmp_path)):
        again = pickle.loads(pickle.dumps(dataset.reload))()
        assert (again.name, again.source, again.notice) == (dataset.name, dataset.source, "")
        np.testing.assert_array_equal(again.test.images, dataset.test.images)
