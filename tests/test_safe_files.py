"""Writing in one step, by many programs at once."""

import os
import subprocess
import sys

import pytest

from neuralscope.errors import InputError
from neuralscope.safe_files import replacing, unused_path, write_atomically
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
    os.utime(leftover, (0, 0))
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
