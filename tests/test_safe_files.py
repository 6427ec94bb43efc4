"""Writing in one step, by many programs at once."""

import errno
import os
import subprocess
import sys
from contextlib import nullcontext

import pytest

from neuralscope.errors import InputError
from neuralscope.safe_files import hold_space, replacing, unused_path, write_atomically, write_making_room
from tests.helpers.environment import PROJECT


def test_many_programs_write_one_file_and_none_complains(tmp_path):
    path = tmp_path / "one.npz"
    program = """
        import sys
        from neuralscope.safe_files import write_atomically
        for number in range(150):
            write_atomically(sys.argv[1], bytes(100), "--output")
    """.replace("\n        ", "\n")
    processes = [subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=PROJECT, stderr=subprocess.PIPE)
                 for _ in range(4)]
    assert [process.communicate()[1][-300:] for process in processes] == [b""] * 4
    assert os.listdir(tmp_path) == ["one.npz"]
    assert path.read_bytes() == bytes(100)


def test_what_a_killed_program_left_goes_whatever_its_age_and_what_one_at_work_writes_stays(tmp_path):
    path = tmp_path / "one.npz"
    program = """
        import sys, time
        from pathlib import Path
        from neuralscope.safe_files import replacing
        with replacing(Path(sys.argv[1])) as file:
            file.write(b"half")
            file.flush()
            print("writing", flush=True)
            sys.stdin.read()
    """.replace("\n        ", "\n")
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=PROJECT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    [theirs] = os.listdir(tmp_path)
    os.utime(tmp_path / theirs, (0, 0))
    write_atomically(path, b"mine", "--output")
    assert sorted(os.listdir(tmp_path)) == [theirs, "one.npz"]
    process.kill()
    process.communicate()
    write_atomically(path, b"mine", "--output")
    assert os.listdir(tmp_path) == ["one.npz"]


@pytest.mark.skipif(os.name == "nt", reason="there locks always work")
def test_where_files_have_no_locks_the_age_tells_what_was_left(tmp_path, monkeypatch):
    import fcntl

    def flock(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", flock)
    old, young = tmp_path / ".one.npz.0aa.tmp", tmp_path / ".one.npz.1bb.tmp"
    for leftover in (old, young):
        leftover.touch()
    os.utime(old, (0, 0))
    write_atomically(tmp_path / "one.npz", b"", "--output")
    assert sorted(os.listdir(tmp_path)) == [young.name, "one.npz"]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="no posix_fallocate here")
def test_room_that_is_held_is_written_into_and_seen_by_nobody(tmp_path):
    path = tmp_path / "one.npz"
    held = hold_space(path, 100_000, "--output")
    [name] = os.listdir(tmp_path)
    status = os.stat(tmp_path / name)
    assert status.st_size == 100_000
    assert 512 * status.st_blocks >= 100_000
    write_atomically(path, b"other", "--output")  # it stays, whoever writes there
    assert held.is_there()
    write_atomically(path, b"small", "--output", held=held)
    held.close()
    assert os.listdir(tmp_path) == ["one.npz"]
    assert path.read_bytes() == b"small"
    assert os.stat(path).st_ino == status.st_ino
    held = hold_space(path, 10, "--output")
    write_atomically(path, bytes(5000), "--output", held=held)  # more than was held
    held.close()
    assert path.read_bytes() == bytes(5000)
    held = hold_space(path, 10, "--output")
    os.remove(held.path)  # by whoever tidies up
    write_atomically(path, b"again", "--output", held=held)
    held.close()
    assert path.read_bytes() == b"again"
    assert os.listdir(tmp_path) == ["one.npz"]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="no posix_fallocate here")
@pytest.mark.parametrize(("raised", "outcome"), [
    (OSError(errno.EOPNOTSUPP, "Operation not supported"), None), (OSError(errno.ENOSPC, "Full"), InputError),
    (KeyboardInterrupt(), KeyboardInterrupt)], ids=str)
def test_room_that_cannot_be_held_leaves_nothing(tmp_path, monkeypatch, raised, outcome):
    def refuse(*_):
        raise raised

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with pytest.raises(outcome) if outcome else nullcontext():
        assert hold_space(tmp_path / "one.npz", 10, "--output") is None
    assert not os.listdir(tmp_path)


def test_where_a_disk_is_full_one_thing_after_the_other_makes_room_until_it_is_enough():
    done, room = [], iter([OSError(errno.ENOSPC, "full"), OSError(errno.EDQUOT, "full"), None])

    def write():
        error = next(room)
        done.append("write")
        if error:
            raise InputError("a.npz: cannot be written").followed_by("x") from error

    ways = [lambda name=name: done.append(name) for name in "abc"]
    write_making_room(write, *ways)
    assert done == ["write", "a", "write", "b", "write"]
    room = iter([OSError(errno.EACCES, "denied")])
    with pytest.raises(InputError):
        write_making_room(write, *ways)
    assert done[5:] == ["write"]  # room is no help there
    room = iter([OSError(errno.ENOSPC, "full")] * 2)
    with pytest.raises(InputError):
        write_making_room(write, ways[0])
    assert done[6:] == ["write", "a", "write"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps the current folder")
def test_a_current_folder_that_was_removed_meanwhile_is_said(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(InputError, match=r"one\.npz: cannot be written .*; make the folder"):
        write_atomically("one.npz", b"content", "--output")


def test_leftovers_of_a_name_with_brackets_go_too(tmp_path):
    leftover = tmp_path / ".run[1].npz.0aa.tmp"
    leftover.touch()
    write_atomically(tmp_path / "run[1].npz", b"", "--output")
    assert os.listdir(tmp_path) == ["run[1].npz"]


def test_a_name_that_is_too_long_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cannot be written .*write elsewhere with --save"):
        write_atomically(tmp_path / ("a" * 300), b"", "--save")


def test_an_unused_path_is_the_name_itself_or_it_with_the_first_number_that_is_free(tmp_path):
    path, number = tmp_path / "digits.v2.png", tmp_path / "digits.v2-2.png"
    assert unused_path(path) == path
    assert unused_path(path, first=2) == number
    path.symlink_to(tmp_path / "nowhere")  # a link to nothing is a name that is taken
    assert unused_path(path) == number
    number.touch()
    assert unused_path(path).name == "digits.v2-3.png"
    assert unused_path(path, lambda name: name.stem[-1] != "7").name == "digits.v2-7.png"


def test_what_is_raised_while_a_file_is_replaced_leaves_the_old_one(tmp_path):
    path = tmp_path / "one.npz"
    path.write_bytes(b"old")

    def interrupted():
        with replacing(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert os.listdir(tmp_path) == ["one.npz"]
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("keep", [True, False])
def test_a_pipe_and_a_device_stay_what_they_are(tmp_path, keep):
    pipe, link = tmp_path / "picture.png", tmp_path / "link.png"
    os.mkfifo(pipe)
    link.symlink_to(os.devnull)
    for path in (pipe, link):
        with pytest.raises(InputError, match="is not a file; name one with --save"):
            write_atomically(path, b"content", "--save", keep=keep)
    assert pipe.is_fifo()
    assert sorted(os.listdir(tmp_path)) == ["link.png", "picture.png"]
