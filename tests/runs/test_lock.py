"""The lock of an output: one training at a time, whatever its name, its owner and its file system."""

import errno
import os
import subprocess
import sys
import threading

import pytest

from neuralscope import file_locks
from neuralscope.errors import InputError
from neuralscope.network import Trainer
from neuralscope.runs.lock import OutputLock, is_held, lock_path
from neuralscope.runs.output_paths import free_output_path
from tests.helpers.command_runs import files, refusal, train
from tests.helpers.environment import PROJECT


def test_who_looks_whether_it_is_held_is_taken_for_nobody_who_holds_it(tmp_path):
    output, done = tmp_path / "a.npz", threading.Event()

    def look():
        while not done.is_set():
            is_held(output)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(300):
            OutputLock(output).release()
    finally:
        done.set()
        for looker in lookers:
            looker.join()


def test_who_comes_second_is_refused_until_the_first_lets_go(tmp_path):
    held = OutputLock(tmp_path / "a.npz")
    assert is_held(tmp_path / "a.npz")
    with pytest.raises(InputError, match=(
            rf"a\.npz: another training, process {os.getpid()}, is writing it; end that one, or "
            r"give --output .*a-2\.npz$")):
        OutputLock(tmp_path / "a.npz")
    held.release()
    assert not is_held(tmp_path / "a.npz")
    assert not os.listdir(tmp_path)
    OutputLock(tmp_path / "a.npz").release()


def test_a_name_that_is_held_is_not_free(tmp_path):
    held = OutputLock(tmp_path / "a.npz")
    assert free_output_path(tmp_path / "a.npz") == tmp_path / "a-2.npz"
    held.release()
    assert free_output_path(tmp_path / "a.npz") == tmp_path / "a.npz"


@pytest.mark.skipif(os.name == "nt", reason="links are for administrators there")
def test_two_names_of_one_output_are_one(tmp_path):
    (tmp_path / "real.npz").touch()
    (tmp_path / "link.npz").symlink_to("real.npz")
    held = OutputLock(tmp_path / "link.npz")
    with pytest.raises(InputError, match="another training"):
        OutputLock(tmp_path / "real.npz")
    held.release()


@pytest.mark.skipif(os.name == "nt", reason="there locks always work")
def test_where_files_have_no_locks_a_training_may_begin(tmp_path, monkeypatch):
    import fcntl

    def flock(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", flock)
    OutputLock(tmp_path / "a.npz").release()
    assert not os.listdir(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="the rights of a file are others there")
def test_the_lock_of_another_user_is_seen(tmp_path, monkeypatch):
    held = OutputLock(tmp_path / "a.npz")

    def read_only(path, mode):
        if mode != "rb":
            raise PermissionError(errno.EACCES, "Permission denied")
        return open(path, mode)

    monkeypatch.setattr(file_locks, "open", read_only, raising=False)
    assert is_held(tmp_path / "a.npz")
    with pytest.raises(InputError, match="another training"):
        OutputLock(tmp_path / "a.npz")
    monkeypatch.undo()
    held.release()
    assert not lock_path(tmp_path / "a.npz").exists()


def test_two_trainings_never_write_one_log(warm, tmp_path, monkeypatch):
    learn, said = Trainer.learn, []

    def begin_another(self, images, labels):
        if not said:
            said.append("")
            said[0] = refusal("--epochs", "1", "--quiet", "--output", "b", "--log", "./log")
        return learn(self, images, labels)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Trainer, "learn", begin_another)
    assert train("--epochs", "2", "--quiet", "--output", "a", "--log", "log") == 0
    assert said == [f"log: another training, process {os.getpid()}, is writing it; end that one, or give --log log-2"]
    assert files() == ["a.npz", "log"]


def test_the_lock_of_a_program_that_was_killed_holds_nobody_up(tmp_path):
    program = "import sys; from neuralscope.runs.lock import OutputLock; lock = OutputLock(sys.argv[1]); " \
              "print('held', flush=True); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "a.npz")], cwd=PROJECT,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    with pytest.raises(InputError, match=f"another training, process {process.pid}, is writing it"):
        OutputLock(tmp_path / "a.npz")
    process.kill()
    process.communicate()
    assert lock_path(tmp_path / "a.npz").exists()
    OutputLock(tmp_path / "a.npz").release()
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("content", [b"", b"abc", b"9" * 1000, b"\xff"])
def test_a_lock_that_does_not_say_whose_it_is_holds_all_the_same(tmp_path, content):
    held = OutputLock(tmp_path / "a.npz")
    os.ftruncate(held.file.fileno(), 0)
    os.write(held.file.fileno(), content)
    with pytest.raises(InputError, match=r"another training(, process 9{20},)? is writing it; end that one"):
        OutputLock(tmp_path / "a.npz")
    held.release()


def test_what_is_given_instead_is_neither_there_nor_held(tmp_path):
    held = [OutputLock(tmp_path / name) for name in ("a.npz", "a-2.npz")]
    (tmp_path / "a-3.npz").touch()
    with pytest.raises(InputError, match=r"or give --output .*a-4\.npz$"):
        OutputLock(tmp_path / "a.npz")
    for lock in held:
        lock.release()
