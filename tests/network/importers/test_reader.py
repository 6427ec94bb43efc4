"""Files are recognised by content; pickles, what is no file and what is damaged are refused in one line."""

import gzip
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from neuralscope.errors import InputError
from neuralscope.network.importers import read


def refusal(path):
    """Return the one line with which a file is refused."""
    with pytest.raises(InputError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


class Trap:
    """What says so when it is unpickled."""

    def __reduce__(self):
        return pytest.fail, ("was unpickled",)


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "model.json", "model.npz"])
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_pickles_are_never_read(tmp_path, name, protocol):
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Trap(), protocol))
    message = refusal(path)
    assert "is a pickle" in message
    assert f"joblib.load('{name}')" in message
    assert "numpy.savez('model.npz', **m)" in message


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_pickles_of_a_classifier_and_of_arrays_get_their_own_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arrays = {"W1": np.eye(3), "b1": np.arange(3.0)}
    model = MLPClassifier((4,), max_iter=1).fit(np.eye(5), [0, 1, 2, 0, 1])
    for made, weights in ((arrays, arrays["W1"]), (model, model.coefs_[0])):
        joblib.dump(made, "model.pkl")
        run_remedy(refusal(Path("model.pkl")))
        np.testing.assert_array_equal(read("model.npz").layers[0].weights, weights)


def test_lists_saved_as_one_array_get_the_line_that_parts_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    weights, biases = (np.array([np.ones(shape) for shape in shapes], object) for shapes in (((5, 4), (3, 5)), (5, 3)))
    np.savez("model.npz", weights=weights, biases=biases)
    run_remedy(refusal(Path("model.npz")))
    assert [layer.weights.shape for layer in read("model_arrays.npz").layers] == [(4, 5), (5, 3)]


def run_remedy(message):
    """Run the lines of Python in a refusal, as a person would."""
    exec(message.partition("in Python: ")[2].replace("numpy.", "np."), {"np": np, "joblib": joblib})


@pytest.mark.parametrize("pack", [lambda words: zlib.compress(words, 3), gzip.compress, lambda words: words])
def test_a_pickle_that_is_packed_or_old_is_known_by_its_name(tmp_path, pack):
    path = tmp_path / "model.joblib"
    path.write_bytes(pack(pickle.dumps(Trap(), 0)))
    assert "joblib.load('model.joblib')" in refusal(path)


def test_a_torch_file_is_refused_with_the_lines_that_convert_it(tmp_path):
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("model/data.pkl", pickle.dumps(Trap()))
        file.writestr("model/data/0", bytes(40))
    message = refusal(path)
    assert "torch.load('model.pt', weights_only=False); numpy.savez('model.npz'" in message


@pytest.mark.parametrize("name", ["w.npy", "w.npz"])
def test_arrays_of_objects_are_refused(tmp_path, name):
    path, objects = tmp_path / name, np.array([Trap(), None], object)
    if name == "w.npy":
        np.save(path, objects, allow_pickle=True)
        assert "allow_pickle=True); numpy.savez('w.npz', *(" in refusal(path)
    else:
        np.savez(path, a=objects)
        assert "'a' holds Python objects" in refusal(path)


def test_what_is_no_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.npz")
    assert "is a folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "it is not a file" in refusal(tmp_path / "pipe")
    assert "it is not a file" in refusal(os.devnull)
    (tmp_path / "empty.npz").touch()
    assert "is empty" in refusal(tmp_path / "empty.npz")


@pytest.mark.parametrize(("content", "words"), [
    (b"hello, this is a letter", "is no network in a format that is read"),
    (b"\xff\xd8\xff\xe0" + bytes(100), "is no network in a format that is read"),
    (b"PK\x03\x04" + bytes(100), "is a damaged .zip archive"),
    (b"[" * 100_000, "is not JSON"),
    (b"[" * 40 + b"1" + b"]" * 40, "deep"),
    (b'{"W": [[1, 2], [3', "is not JSON"),
    (b'{"W": [[1e999, 2], [3]]}', "fits no one layer"),
    (b'{"W": [[' + b"9" * 5000 + b", 2], [3, 4]]}", ""),
    (b"[[1, 2], [3, true]]" + b"\xff", "is not JSON"),
    (b"1,2,3\n4,five,6\n", "line 2 holds more than numbers"),
    (b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 10), }".ljust(128) + b"\n",
     ""),
])
def test_damaged_files(tmp_path, content, words):
    path = tmp_path / "network"
    path.write_bytes(content)
    assert words in refusal(path)


def test_files_cut_and_changed_at_random_are_refused_or_read(tmp_path):
    rng, files = np.random.default_rng(0), []
    arrays = {"W1": rng.random((6, 4)), "b1": rng.random(4), "W2": rng.random((4, 3)), "b2": rng.random(3)}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    files += [stream.getvalue(), json.dumps({name: array.tolist() for name, array in arrays.items()}).encode()]
    stream = io.BytesIO()
    np.savetxt(stream, np.vstack([arrays["W1"], arrays["b1"]]))
    files.append(stream.getvalue())
    stream = io.BytesIO()
    np.save(stream, arrays["W1"])
    files.append(stream.getvalue())
    for number in range(400):
        content = bytearray(files[number % 4])
        for place in rng.integers(0, len(content), rng.integers(1, 4)):
            content[place] = rng.integers(0, 256)
        path = tmp_path / "damaged"
        path.write_bytes(content[:rng.integers(1, len(content) + 1)] if number % 3 else content)
        with suppress(InputError):  # whatever else comes is a bug
            read(path)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_memory_is_at_most_four_times_the_arrays(tmp_path, dtype):
    path = tmp_path / "large.npz"
    np.savez(path, W1=np.ones((4000, 8000), dtype), W2=np.ones((8000, 10), dtype))
    code = ("import resource, sys; from neuralscope.network.importers import read; "
            "import neuralscope.network.importers.array_files; "
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; read(sys.argv[1]); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    held = 4000 * 8000 * np.dtype(dtype).itemsize
    assert int(done.stdout) * 1024 < (4 if dtype == "float32" else 5.2) * held
