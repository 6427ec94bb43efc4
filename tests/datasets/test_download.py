"""Downloads by tensorflow-datasets' own manager, from a server on this machine that plays good and bad ones."""

import hashlib
import http.server
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from neuralscope.data_loader import load
from neuralscope.datasets import cache, download, registry
from neuralscope.datasets.registry import FILE_NAMES
from neuralscope.errors import InputError
from tests.helpers.mnist_files import IMAGES, write_part


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve a folder; ``server.fault`` names what goes wrong, with the images only or with everything."""

    def do_GET(self):
        self.server.asked.append(self.path.strip("/"))
        fault, content = self.server.fault, Path(self.translate_path(self.path)).read_bytes()
        if fault == "hangs":
            self.server.closing.wait(30)
            return
        if (fault == "404" and IMAGES in self.path) or fault == "404 at once":
            self.send_error(404)
            return
        if fault == "wrong checksum" and IMAGES in self.path:
            content = content[:-1] + bytes([content[-1] ^ 1])
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if fault == "hangs after its headers":
            self.wfile.flush()
            self.server.closing.wait(30)
            return
        if IMAGES in self.path and fault in ("truncated", "hangs midway"):
            self.wfile.write(content[:len(content) // 2])
            self.wfile.flush()
            if fault == "hangs midway":
                self.server.closing.wait(30)
            return
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder of made-up files as if they were MNIST's."""
    folder = tmp_path_factory.mktemp("served")
    for part in ("train", "test"):
        write_part(folder, part)
    return folder


@pytest.fixture
def server(home, tmp_path, monkeypatch):
    """Serve made-up files as if they were MNIST; the records that everybody reads name this server's addresses."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(home)))
    server.asked, server.fault, server.closing = [], None, threading.Event()
    records = tmp_path / "records.txt"
    records.write_text("".join(
        f"http://127.0.0.1:{server.server_port}/{file}\t{len(content)}\t{hashlib.sha256(content).hexdigest()}\t{file}\n"
        for file in sum(FILE_NAMES.values(), ()) for content in [(home / file).read_bytes()]))
    monkeypatch.setattr(registry, "checksum_file", lambda name: records if name == "mnist" else None)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_only_the_part_that_is_wanted_is_downloaded_once(server, tmp_path):
    images, labels = write_part(tmp_path / "expected", "test")
    dataset = load("mnist")
    assert dataset.source == "downloaded by tensorflow-datasets"
    np.testing.assert_array_equal(dataset.test.images, images.reshape(-1, 784) / np.float32(255))
    np.testing.assert_array_equal(dataset.test.labels, labels)
    assert set(server.asked) == set(FILE_NAMES["test"])
    assert len(dataset.train) == 60_000
    assert set(server.asked) == set(FILE_NAMES["test"] + FILE_NAMES["train"])
    server.fault, server.asked[:] = "hangs", []
    for name in ("mnist", "auto"):
        again = load(name)
        assert again.source == dataset.source  # a training from it writes the same bytes
        assert again.name == "mnist"
        np.testing.assert_array_equal(again.test.images, dataset.test.images)
        np.testing.assert_array_equal(again.train.labels, dataset.train.labels)
    assert not server.asked


def test_damaged_cache_is_downloaded_anew(server):
    load("mnist")
    path = cache.cache_folder() / "mnist-test.npy"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    server.asked[:] = []
    load("mnist")
    assert server.asked
    server.asked[:] = []
    load("mnist")
    assert not server.asked


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "words"), [
    ("truncated", "wrong checksum|connection broke off"),
    ("wrong checksum", "wrong checksum"),
    ("404", f"{IMAGES}.*404"),
    ("404 at once", "answers 404 for http://127.0.0.1"),
])
def test_bad_download_is_told_and_kept_nowhere(server, fault, words):
    server.fault = fault
    with pytest.raises(InputError, match=words) as caught:
        load("mnist")
    assert "mnist cannot be downloaded" in str(caught.value)
    assert "--data-dir" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not cache.cache_folder().is_dir() or not os.listdir(cache.cache_folder())
    server.fault = None
    assert load("mnist").source == "downloaded by tensorflow-datasets"


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["hangs", "hangs after its headers"])
@pytest.mark.parametrize("name", ["auto", "mnist"])
def test_server_that_hangs_is_given_up_long_before_one_that_stalls(server, name, fault):
    server.fault = fault
    if name == "auto":
        dataset = load()
        assert dataset.name == "digits"
        assert "does not answer" in dataset.notice
    else:
        with pytest.raises(InputError, match=r"127\.0\.0\.1:.* does not answer"):
            load(name)
    assert download.ANSWER_TIMEOUT_S < 5 < download.STALL_TIMEOUT_S


@pytest.mark.parametrize("fault", ["hangs", "hangs after its headers"])
def test_who_asks_says_the_same_of_it_as_who_watches(server, monkeypatch, tmp_path, fault):
    monkeypatch.setattr(download, "ANSWER_TIMEOUT_S", 0.2)
    server.fault = fault
    with pytest.raises(InputError, match=r"127\.0\.0\.1:\d+ does not answer"):
        download._check_server(f"http://127.0.0.1:{server.server_port}/{IMAGES}", tmp_path)


@pytest.mark.slow
def test_server_that_hangs_midway_is_given_up(server, monkeypatch):
    monkeypatch.setattr(download, "STALL_TIMEOUT_S", 3.0)
    server.fault = "hangs midway"
    with pytest.raises(InputError, match="sent nothing for 3 seconds"):
        load("mnist")


def test_server_that_is_not_there(server):
    server.shutdown()
    server.server_close()
    with pytest.raises(InputError, match="cannot be reached"):
        load("mnist")


def test_proxy_is_asked(server, monkeypatch):
    monkeypatch.delenv("no_proxy")  # conftest's proxy refuses everything
    with pytest.raises(InputError, match=r"cannot be reached .ProxyError"):
        load("mnist")
    assert not server.asked


def test_set_without_a_record(server):
    with pytest.raises(InputError, match=r"kmnist cannot be downloaded: .*no record"):
        load("kmnist")


def test_training_part_fails_in_words_too_and_may_be_asked_again(server):
    dataset = load("mnist")
    server.fault = "404 at once"
    with pytest.raises(InputError, match="answers 404"):
        _ = dataset.train
    server.fault = None
    assert len(dataset.train) == 60_000


def test_tensorflow_is_not_imported_where_it_is_installed(server, tmp_path, monkeypatch):
    package = tmp_path / "packages" / "tensorflow"
    package.mkdir(parents=True)
    mark = tmp_path / "imported"
    (package / "__init__.py").write_text(f"open({str(mark)!r}, 'w').close()\n__version__ = '2.16.0'\n")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    assert load("mnist").source == "downloaded by tensorflow-datasets"
    assert not mark.exists()


def test_stopping_ends_the_program_that_downloads(server, monkeypatch, tmp_path):
    server.fault = "hangs"
    started = []

    def stop(process, folder):
        started.append(process)
        if os.name != "nt":  # Ctrl-C on the terminal, which goes to a whole group, is the caller's alone
            assert os.getpgid(process.pid) != os.getpgid(0)
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "_watch", stop)
    with pytest.raises(KeyboardInterrupt):
        load("mnist")
    assert started[0].returncode is not None
