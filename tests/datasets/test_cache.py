"""The cache: what was written comes back, and nothing else does."""

import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

from neuralscope import data_loader
from neuralscope.datasets import cache

TABLE = np.random.default_rng(0).integers(10, size=(50, 785)).astype(np.uint8)


@pytest.fixture
def path():
    """Return the path of a table that was just written."""
    cache.write_table("letters-test", "origin", TABLE)
    return cache.cache_folder() / "letters-test.npy"


def read(origin="origin", rows=50):
    return cache.read_table("letters-test", origin, rows)


def test_what_was_written_comes_back_memory_mapped(path):
    table = read()
    assert isinstance(table, np.memmap)
    np.testing.assert_array_equal(table, TABLE)
    assert os.listdir(path.parent) == ["letters-test.npy"]


def test_it_is_an_ordinary_npy(path):
    np.testing.assert_array_equal(np.load(path), TABLE)


def test_nothing_there():
    assert read() is None


def test_another_origin_or_count_is_as_good_as_absent(path):
    assert read(origin="another recipe") is None
    assert read(rows=51) is None


@pytest.mark.parametrize("damage", [
    lambda content: b"",
    lambda content: content[:20],
    lambda content: content[:-1],
    lambda content: content + b"x",
    lambda content: content[:9000] + bytes([content[9000] ^ 1]) + content[9001:],
    lambda content: bytes(len(content)),
    lambda content: b"PK\3\4" + content[4:],
    lambda content: pickle.dumps(TABLE),
])
def test_damaged_file_is_as_good_as_absent(path, damage):
    path.write_bytes(damage(path.read_bytes()))
    assert read() is None


@pytest.mark.parametrize("table", [TABLE.astype(np.int64), TABLE[:, :784], TABLE + np.uint8(10),
                                   np.full((50, 785), None)])
def test_whole_file_with_other_values_is_as_good_as_absent(path, table):
    np.save(path, table)
    content = path.read_bytes()
    path.write_bytes(content + cache._digest(content, "origin"))
    assert read() is None


def test_file_of_another_name_is_as_good_as_absent(path):
    cache.write_table("fashion-test", "fashion's origin", TABLE)
    shutil.copy(cache.cache_folder() / "fashion-test.npy", path)
    assert read() is None


def test_folder_that_cannot_be_made_is_not_fatal(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    cache.write_table("letters-test", "origin", TABLE)
    assert read() is None


@pytest.mark.skipif(sys.platform == "win32", reason="a file size limit plays the full disk")
def test_full_disk_is_not_fatal_and_leaves_nothing(path):
    program = ("import resource, signal, numpy; from neuralscope.datasets import cache\n"
               "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
               "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
               "cache.write_table('letters-test', 'new', numpy.zeros((50, 785), numpy.uint8))")
    subprocess.run([sys.executable, "-c", program], check=True)
    assert os.listdir(path.parent) == ["letters-test.npy"]
    np.testing.assert_array_equal(read(), TABLE)


def _write_often(folder):
    os.environ["NEURALSCOPE_CACHE_DIR"] = folder
    for _ in range(30):
        cache.write_table("letters-test", "origin", TABLE)


def test_each_writer_has_a_temporary_file_of_its_own(path, monkeypatch):
    replace, seen = os.replace, []

    def look(source, target):
        if not seen:
            seen.append(source)
            cache.write_table("letters-test", "origin", TABLE)  # another program, at the worst moment
        seen.append(source)
        replace(source, target)

    monkeypatch.setattr(os, "replace", look)
    cache.write_table("letters-test", "origin", TABLE)
    assert len(set(seen)) == 2
    np.testing.assert_array_equal(read(), TABLE)


def test_programs_that_write_at_once_leave_a_whole_file():
    writers = [multiprocessing.get_context("spawn").Process(target=_write_often, args=[str(cache.cache_folder())])
               for _ in range(3)]
    for writer in writers:
        writer.start()
    seen = 0
    while any(writer.is_alive() for writer in writers):
        table = read()
        assert table is not None or not seen  # once there, always whole
        seen += table is not None
    np.testing.assert_array_equal(read(), TABLE)
    assert seen
    assert os.listdir(cache.cache_folder()) == ["letters-test.npy"]


def test_platform_s_folder_is_used_unless_another_is_chosen(monkeypatch):
    monkeypatch.delenv("NEURALSCOPE_CACHE_DIR")
    assert "neuralscope" in cache.cache_folder().parts


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NEURALSCOPE_CACHE_DIR", os.path.join("~", "x"))
    assert cache.cache_folder() == tmp_path / "x"


@pytest.mark.parametrize("older", [False, True])
def test_without_a_home_folder_nothing_is_kept_and_a_line_says_so(older, monkeypatch, tmp_path):
    def user_cache_dir(*_, **__):  # as platformdirs answers a user whom the system does not know, and HOME neither
        if older:
            return "~/.cache/neuralscope"
        raise RuntimeError("could not determine the home directory")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEURALSCOPE_CACHE_DIR")
    monkeypatch.setattr("platformdirs.user_cache_dir", user_cache_dir)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr(data_loader.preprocessing, "as_digit", lambda picture: np.ones(784))  # else it takes seconds
    dataset = data_loader.load("digits")
    assert len(dataset.train) == 1500
    assert dataset.notice == ("there is no home folder, so nothing is kept for the next start (NEURALSCOPE_CACHE_DIR "
                              "may name a folder for that)")
    cache.write_arrays("any", "here", [np.zeros(3)])
    assert cache.read_arrays("any", "here") is None
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_in_the_cache_is_not_waited_for(path):
    path.unlink()
    os.mkfifo(path)
    assert read() is None
    cache.write_table("letters-test", "origin", TABLE)
    np.testing.assert_array_equal(read(), TABLE)


def test_ctrl_c_while_writing_leaves_no_temporary_file(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cache, "_digest", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.write_table("digits", "here", np.zeros((5, 785), np.uint8))
    assert not list(cache.cache_folder().iterdir())
