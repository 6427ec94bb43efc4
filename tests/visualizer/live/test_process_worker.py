"""What the process of a training does before it learns; the rest is tested from the other end, by test_remote."""

import signal
from multiprocessing import Pipe

import pytest

from neuralscope.visualizer.live import process_worker
from neuralscope.visualizer.live.setup import TrainingSetup


@pytest.fixture(autouse=True)
def folder(warm, tmp_path, monkeypatch):
    """Work in a folder of its own, and hear signals again afterwards."""
    monkeypatch.chdir(tmp_path)
    heard = [(name, signal.getsignal(name)) for name in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)]
    yield tmp_path
    for name, handler in heard:
        signal.signal(name, handler)


def test_products_take_the_threads_that_were_asked_for(embedded, monkeypatch, folder):
    asked, (ours, theirs) = [], Pipe()
    monkeypatch.setattr(process_worker, "limit_threads", asked.append)
    process_worker.run_worker(theirs, TrainingSetup(threads=3), embedded.reload, "other digits")
    assert asked == [3]
    assert "has changed" in str(ours.recv())
    assert signal.getsignal(signal.SIGINT) == signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    ours.close()
    theirs.close()


def test_where_nobody_waits_any_more_nothing_is_left(embedded, folder):
    ours, theirs = Pipe()
    ours.close()
    process_worker.run_worker(
        theirs,
        TrainingSetup({"hidden": (5,), "augment": "none"}),
        embedded.reload,
        process_worker.digits_sha256(embedded.test),
    )
    theirs.close()
    assert list(folder.iterdir()) == []
