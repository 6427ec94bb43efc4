"""Files of networks: the same bytes for the same values, errors in words, and never half a file."""

import io
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from neuralscope.errors import InputError
from neuralscope.network import ACTIVATIONS, HEADS, Network, storage, untrusted_npz
from neuralscope.network.storage import load, save

METADATA = {"dataset": "digits", "source": "drawn — für Tests", "test_accuracy": 0.5, "options": {"hidden": [4]}}


@pytest.fixture
def network():
    return Network.random((6, 4, 3), rng=np.random.default_rng(0))


@pytest.fixture
def path(tmp_path, network):
    save(network, tmp_path / "weights.npz", METADATA, {"loss": [0.5, 0.25]}, {"position": 3})
    return tmp_path / "weights.npz"


def test_what_is_saved_is_loaded(path, network):
    saved = load(path)
    assert saved.network.parameters.keys() == network.parameters.keys()
    for name, array in saved.network.parameters.items():
        np.testing.assert_array_equal(array, network.parameters[name])
    assert [layer.activation for layer in saved.network.layers] == ["relu", "softmax"]
    assert saved.metadata == METADATA
    np.testing.assert_array_equal(saved.history["loss"], [0.5, 0.25])
    assert saved.state["position"] == 3
    assert saved.path == path
    assert os.listdir(path.parent) == ["weights.npz"]


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_kind_of_network_comes_back_as_it_was(path, activation, head, dtype):
    drawn = Network.random((6, 5, 4, 3), activation, head, rng=np.random.default_rng(0))
    drawn = drawn.astype(dtype).astype(np.float32)
    save(drawn, path, {}, dtype=dtype)
    back = load(path).network
    images = np.random.default_rng(1).random((5, 6), dtype=np.float32)
    np.testing.assert_array_equal(back.forward(images).outputs, drawn.forward(images).outputs)
    assert [layer.activation for layer in back.layers] == [activation, activation, head]
    assert back.dtype == np.float32


def test_numpy_alone_reads_it_without_pickles(path):
    with np.load(path, allow_pickle=False) as file:
        assert {"W1", "b1", "W2", "b2", "activations", "format_version", "metadata"} <= set(file)
        assert json.loads(str(file["metadata"])) == METADATA
        assert all(not file[name].dtype.hasobject for name in file)


def test_the_same_network_gives_the_same_bytes(path, network, monkeypatch):
    first = path.read_bytes()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    save(network, path, dict(reversed(METADATA.items())), {"loss": [0.5, 0.25]}, {"position": 3})
    assert path.read_bytes() == first
    assert {member.date_time[0] for member in zipfile.ZipFile(path).infolist()} == {1980}


def test_a_link_stays_a_link(path, network):
    link = path.with_name("link.npz")
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this system lets nobody make links")
    save(network, link, {"dataset": "other"})
    assert link.is_symlink()
    assert load(path).metadata == {"dataset": "other"}


def test_what_other_programs_say_of_it_stays(path, network):
    said = METADATA | {"notes": {"of": ["another", None, 5.5]}, "options": {"hidden": [4], "pruning": "none"}}
    save(network, path, said)
    assert load(path).metadata == said


# Bad files


def rewrite(path, **changes):
    """Write the file again with arrays changed, or left out where None."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file} | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


@pytest.mark.parametrize(("name", "value"), [("b1", [0, 0, np.nan, 0]), ("W2", np.full((4, 3), -np.inf))])
def test_weights_that_are_no_numbers_open_as_they_are(path, name, value):
    rewrite(path, **{name: np.array(value, np.float32)})
    np.testing.assert_array_equal(storage.load(path).network.parameters[name], np.array(value, np.float32))


def test_the_first_version_of_the_format_is_read(path):
    with np.load(path) as file:
        assert file["format_version"] == 2
    rewrite(path, format_version=np.array(1))
    storage.load(path)


@pytest.mark.parametrize(("changes", "words"), [
    ({"W2": None}, "the array W2 is missing"),
    ({"activations": None}, "the array activations is missing"),
    ({"format_version": None}, "the array format_version is missing"),
    ({"format_version": np.array(99)}, "newer NeuralScope (format 99, this one reads 2); update NeuralScope"),
    ({"format_version": np.array(0)}, "format_version is 0, and the first was 1"),
    ({"format_version": np.array(-5)}, "format_version is -5"),
    ({"format_version": np.array("1")}, "format_version is not a single whole number"),
    ({"W1": np.zeros((6, 4))}, "W1 is float64, not float32 or float16"),
    ({"b2": np.zeros(3, np.int64)}, "b2 is int64, not float32 or float16"),
    ({"W1": np.zeros((6, 5), np.float32)}, "b1 has shape (4,), but W1 needs (5,)"),
    ({"W1": np.zeros(6, np.float32)}, "W1 has shape (6,)"),
    ({"W2": np.zeros((5, 3), np.float32)}, "W1 has 4 outputs, but W2 has 5 inputs"),
    ({"activations": np.array(["rleu", "softmax"])}, "activation 'rleu' is not known; known are: relu"),
    ({"activations": np.array([1, 2])}, "activations is not a list of names"),
    ({"activations": np.array([], dtype="U7")}, "activations is not a list of names"),
    ({"metadata": np.array("{")}, "its metadata is not JSON"),
    ({"metadata": np.array("[" * 100_000)}, "its metadata is not JSON"),
    ({"metadata": np.array("[1]")}, "its metadata is not a JSON object"),
    ({"metadata": np.array(5)}, "metadata is not a single text"),
    ({"metadata": np.array('{"test_accuracy": "high"}')}, "its metadata gives test_accuracy as 'high'"),
    *(({"metadata": np.array(text)}, f"its metadata gives {text[2:].split(chr(34))[0]} as ") for text in (
        '{"test_accuracy": NaN}', '{"test_accuracy": Infinity}', '{"train_accuracy": -7}', '{"test_accuracy": true}',
        '{"test_accuracy": 1.5}', '{"test_errors": true}', '{"test_errors": 2.5}', '{"test_errors": -1}',
        '{"test_count": 0}', '{"epochs_run": -1}', r'{"dataset": "a\nb"}', '{"dataset": ""}', r'{"source": "\u001b"}',
        '{"options": []}', '{"dataset": 5}', '{"source": "%s"}' % ("a" * 5000), '{"threads": -1}', '{"numpy": [2]}',
        '{"train_sha256": {}}', '{"train_count": 1e9}', '{"train_count": 9223372036854775808}', '{"steps_taught": "1"}',
        '{"learning_rates": 5}', '{"learning_rates": [5]}', '{"learning_rates": [[1, "0.1"]]}',
        '{"learning_rates": [[0, 0.1]]}', '{"learning_rates": [[1, NaN]]}', '{"learning_rates": [[1, 0.1, 2]]}',
        '{"options": {"epochs": "many"}}', '{"options": {"hidden": 5}}', '{"options": {"hidden": [true]}}',
        '{"options": {"loss": 1}}', '{"options": {"dropout": null}}', '{"split": 5}', '{"split": {"kind": []}}',
        '{"split": {"file": "a\\nb"}}', '{"split": {"seed": 0.5}}', '{"class_names": "0123456789"}',
        '{"class_names": [0, 1]}', '{"image_shape": [28]}', '{"image_shape": [28, 0]}', '{"image_shape": [true, 28]}',
        '{"feature_names": [1]}', '{"inputs": []}', '{"inputs": {"scale": 1}}', '{"inputs": {"mean": NaN}}',
        '{"inputs": {"transposed": 1}}', '{"origin": "x.npz"}', '{"origin": {"file": ""}}')),
    ({"history_loss": np.array([np.nan, 1])}, "history_"),
    ({"history_loss": np.zeros((2, 2))}, "history_"),
    ({"history_epoch": np.zeros(3)}, "history_"),
], ids=lambda value: None if isinstance(value, str) else "-".join(value))
def test_a_wrong_array_is_told_in_words(path, changes, words):
    rewrite(path, **changes)
    assert_refused(path, words)


def assert_refused(path, words):
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    assert words in message
    assert str(path) in message
    assert re.search("train one with|update NeuralScope|choose another", message)  # it says what to do
    assert "\n" not in message


def test_no_file(tmp_path):
    assert_refused(tmp_path / "none.npz", "no such file")


def test_a_folder(tmp_path):
    assert_refused(tmp_path, "cannot be read")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", pickle.dumps([1])])
def test_not_a_zip(path, content):
    path.write_bytes(content)
    assert_refused(path, "it is not an .npz file")


def test_a_pickled_array_is_refused_and_never_run(path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(path.with_name("sprung")),)

    rewrite(path, W1=np.array([Trap()], dtype=object))
    assert_refused(path, "'W1' holds Python objects (a pickle), which are never read")
    assert not path.with_name("sprung").exists()


def test_a_huge_declared_shape_is_not_believed(path):
    with zipfile.ZipFile(path) as file:
        content = {name: file.read(name) for name in file.namelist()}
    content["W1.npy"] = content["W1.npy"].replace(b"(6, 4), }        ", b"(6000000000, 4), }")
    with zipfile.ZipFile(path, "w") as file:
        for name, data in content.items():
            file.writestr(name, data)
    assert_refused(path, "'W1' says it has shape (6000000000, 4)")


def test_a_zip_bomb_is_not_unpacked(path, monkeypatch):
    monkeypatch.setattr(untrusted_npz, "MAX_ARRAY_BYTES", 2**20)
    add_zeros(path, "state_mean.npy", np.zeros(2**21))
    assert path.stat().st_size < 2**15
    assert_refused(path, "it says it holds 0.016 GiB, more than the 0.00098 GiB that are read")


def add_zeros(path, member, array):
    """Add an array to a network's file, compressed."""
    stream = io.BytesIO()
    np.save(stream, array)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(member, stream.getvalue())


@pytest.mark.parametrize("member", ["of_another_program.npy", "W3.npy", "notes.txt", "history.npy"])
def test_what_nobody_asks_for_is_not_read(path, network, monkeypatch, member):
    add_zeros(path, member, np.zeros(2**21))
    monkeypatch.setattr(untrusted_npz, "MAX_ARRAY_BYTES", 2**20)
    reading, read = untrusted_npz.read_member, []
    monkeypatch.setattr(untrusted_npz, "read_member",
                        lambda file, found: read.append(found.filename) or reading(file, found))
    np.testing.assert_array_equal(load(path).network.parameters["W1"], network.parameters["W1"])
    assert sorted(read) == ["W1.npy", "W2.npy", "activations.npy", "b1.npy", "b2.npy", "format_version.npy",
                            "history_loss.npy", "metadata.npy", "state_position.npy"]


@pytest.mark.parametrize(("changes", "words"), [
    ({"format_version": np.zeros(2**17, np.int64)}, "format_version is not a single whole number"),
    ({"metadata": np.array("{}" + " " * 500_000)}, "metadata has 500,002 characters, and at most 500,000 are read"),
    ({"activations": np.array(["relu", "softmax"] * 100_000)}, "activations has 1,400,000 characters"),
    ({"history_loss": np.zeros(2**17), "history_other": np.zeros(2**16)}, "history_"),
], ids=lambda value: None if isinstance(value, str) else "-".join(value))
def test_what_cannot_be_so_large_is_told_by_its_header(path, monkeypatch, changes, words):
    rewrite(path, **changes)
    reading, read = untrusted_npz.read_member, []
    monkeypatch.setattr(untrusted_npz, "read_member",
                        lambda file, member: read.append(member.filename.removesuffix(".npy")) or reading(file, member))
    assert_refused(path, words)
    assert not changes.keys() & set(read)


def test_a_damaged_directory_never_hides_an_array(path):
    whole, saved = path.read_bytes(), load(path)
    with zipfile.ZipFile(path) as file:
        start = file.start_dir
    refused = 0
    for place in range(start, len(whole), 2):
        content = bytearray(whole)
        content[place] ^= (0x01, 0x80)[place // 2 % 2]
        path.write_bytes(content)
        try:
            found = load(path)
        except InputError:
            refused += 1
        else:
            assert (found.history.keys(), found.state.keys()) == (saved.history.keys(), saved.state.keys())
    assert refused > 100


def test_a_history_of_other_epochs_is_told(path, network):
    save(network, path, {"epochs_run": 3}, {"loss": [0.5, 0.25]})
    assert_refused(path, "the history_ arrays have 2 values, but its training had 3 epochs")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", *(b"\x93NUMPY" + rest for rest in (
    b"\x09\x00", b"\x01\x00\x04\x00{(((", b"\x01\x00\x07\x00  1\n 2\n", b"\x01\x00\x04\x00\xff\xff\n\n",
    b"\x02\x00\xff\xff\xff\xff"))])
def test_an_array_that_is_none_is_refused(path, content):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("format_version.npy", content)
    assert_refused(path, "it is not an .npz file, or a damaged one")


def with_header(text):
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize("header", [
    b"{1: 2, 'a': 3}\n", b"{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}\n\0\0\0\0",
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (0, %d)}\n" % 10**25])
def test_a_header_that_makes_no_sense_is_refused(path, header):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("format_version.npy", with_header(header))
    assert_refused(path, "")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_numpy_never_writes_is_refused(path, method):
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("format_version.npy", bytes(100))
    assert_refused(path, "'format_version' is compressed in a way that NumPy never writes")


def test_a_name_of_two_lines_is_told_in_one(path):
    rewrite(path, **{"state_a\nb": np.array([None], dtype=object)})
    assert_refused(path, r"'state_a\nb' holds Python objects")


@pytest.mark.parametrize("compressed", [False, True])
def test_damaged_files_load_or_are_refused_but_never_crash(path, compressed):
    if compressed:
        with np.load(path) as file:
            np.savez_compressed(path, **file)
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for round_ in range(600):
        content = bytearray(whole)
        if round_ % 3 == 0:
            del content[rng.integers(len(content)):]
        else:
            for place in rng.integers(len(content), size=1 + round_ % 4):
                content[place] = rng.integers(256)
        path.write_bytes(content)
        try:
            load(path)
        except InputError as error:
            refused += "\n" not in str(error)
    assert refused > 400


# Writing


def test_a_missing_folder_is_told(network, tmp_path):
    with pytest.raises(InputError, match=r"none.weights\.npz: cannot be written .*; make the folder"):
        save(network, tmp_path / "none" / "weights.npz", {})


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX only: limits and modes")
@pytest.mark.parametrize("limit", [0, 100, 1000])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(path, limit):
    before = path.read_bytes()
    program = f"""
        import resource, sys
        from neuralscope.errors import InputError
        from neuralscope.network import load, save
        saved = load(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        try:
            save(saved.network, sys.argv[1], {{}})
        except InputError as error:
            sys.exit(str(error))
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(path)], capture_output=True, text=True)
    assert "cannot be written (File too large); make room" in run.stderr
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["weights.npz"]


def test_a_target_held_open_by_another_program_is_told(path, network, monkeypatch):
    before = path.read_bytes()

    def refuse(source, target):  # what os.replace does on Windows then
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(InputError, match=r"Access is denied.*close the program that has it open"):
        save(network, path, {})
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["weights.npz"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_at_any_moment_while_saving_the_file_is_whole(tmp_path):
    path = tmp_path / "weights.npz"
    program = """
        import itertools, sys
        import numpy as np
        from neuralscope.network import Network, save
        network = Network.random((784, 256, 10), rng=np.random.default_rng(0))
        for number in itertools.count():
            save(network, sys.argv[1], {"epochs_run": number})
            print(number, flush=True)
    """
    rng = np.random.default_rng(0)
    for _ in range(8):
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), str(path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        last = (process.communicate()[0].split() or [b"0"])[-1]
        assert load(path).metadata["epochs_run"] - int(last) in (0, 1)


# Finding


def test_weights_are_looked_for_here_then_in_the_package_then_in_the_project(tmp_path, network, monkeypatch):
    here, project = tmp_path / "here", tmp_path / "project"
    module = project / "neuralscope" / "network" / "storage.py"
    for folder in (here, module.parent):
        folder.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setattr(storage, "__file__", str(module))
    with pytest.raises(InputError, match=r"no trained_weights\.npz in .*; train one with: python -m neuralscope\.net"):
        storage.find_weights()
    for folder in (project, project / "neuralscope", here):
        save(network, folder / "trained_weights.npz", {})
        assert storage.find_weights() == Path(folder / "trained_weights.npz")


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_current_folder_that_may_not_be_searched_has_no_weights(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    monkeypatch.chdir(tmp_path / "locked")
    (tmp_path / "locked").chmod(0)
    before = os.geteuid()
    try:
        if before == 0:  # who may search everything
            os.seteuid(65534)
        with suppress(InputError):  # as the others may have none
            assert storage.find_weights().parent != tmp_path / "locked"
    finally:
        os.seteuid(before)
