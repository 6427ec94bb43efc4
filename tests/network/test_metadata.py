"""What no file can say of its network is told before a training begins."""

import pytest

from neuralscope.errors import InputError
from neuralscope.network.metadata import MAX_CHARACTERS, MAX_LINE_CHARACTERS, check_writable


@pytest.mark.parametrize(("metadata", "words"), [
    ({"source": "a\nb"}, r"source 'a\nb': a file cannot say this"),
    ({"class_names": ["a" * (MAX_LINE_CHARACTERS + 1), "b"]}, "class_names ['aaa"),
    ({"class_names": ["abcd"] * (MAX_CHARACTERS // 8)}, "and at most 500,000 are read; give the classes shorter names"),
])
def test_what_could_not_be_read_again_is_never_written(metadata, words):
    with pytest.raises(InputError) as caught:
        check_writable(metadata)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 200


def test_what_can_be_read_again_is():
    check_writable({"class_names": ["a" * MAX_LINE_CHARACTERS, "b"], "source": "files", "split": {"file": ""}})
