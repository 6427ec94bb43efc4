"""What readers' trainings leave on a server's disk, and what is told of it."""

import re

import pytest

from neuralscope.errors import InputError
from neuralscope.visualizer.live.server_files import (
    check_disk,
    error_without_folders,
    find_training_files,
    format_size,
    parse_size,
    without_folders,
)


@pytest.mark.parametrize(("text", "count"), [("500MB", 5 * 10**8), ("2GB", 2 * 10**9), ("1.5 gb", 15 * 10**8),
                                             ("1000", 1000), ("0", 0), ("7kB", 7000), ("3TB", 3 * 10**12)])
def test_sizes_are_read(text, count):
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1 EB", "nan", "1e9", "1,5GB", "9" * 5000, "1GB2"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_size(text)


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (10**9, "1 GB"),
                                             (123_456_789, "123 MB")])
def test_sizes_are_written(count, text):
    assert format_size(count) == text


def test_a_training_s_files_are_those_of_its_name(tmp_path):
    ours = ["n.npz", "n-2.npz", "n.checkpoint.npz", "n-12.checkpoint.epochs.npz", "n.epochs.npz"]
    for name in [*ours, "n-x.npz", "nn.npz", "n.npz.txt", "other.npz"]:
        (tmp_path / name).write_bytes(b"x")
    assert {path.name for path in find_training_files(tmp_path / "n.npz")} == set(ours)
    assert not list(find_training_files(tmp_path / "none" / "n.npz"))


def test_a_training_for_which_there_is_no_room_is_refused(tmp_path):
    for name in ("n.npz", "n-2.checkpoint.npz", "other.npz"):
        (tmp_path / name).write_bytes(bytes(1000))
    check_disk(tmp_path / "n.npz", 3000, 1000)
    with pytest.raises(InputError, match=r"2 KB of the 3 KB.*1\.01 KB.*--disk"):
        check_disk(tmp_path / "n.npz", 3000, 1010)


@pytest.mark.parametrize(("text", "told"), [
    ("/srv/my data/n.npz: is no file", "n.npz: is no file"), ("what was learned is in /srv/my data/n-2.npz",
                                                              "what was learned is in n-2.npz"),
    ("/etc/x/digits.csv: cannot be read", "digits.csv: cannot be read"), (r"C:\Users\ada\n.npz: is", "n.npz: is"),
    ("'/a/b/c' and (/d/e)", "'c' and (e)"), ("read and/or 1/2 of 3 / 4", "read and/or 1/2 of 3 / 4"),
    ("/x", "x"), ("", "")])
def test_no_folder_is_told(text, told):
    assert without_folders(text, "/srv/my data/n.npz", "n.npz", "/n.npz") == told


def test_errors_are_told_without_folders_and_options():
    error = InputError("/srv/x: is no file", "remove /srv/x", "name it with --output").followed_by("see /srv/y")
    assert str(error_without_folders(error)) == "x: is no file; remove x; see y"
