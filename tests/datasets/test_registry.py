"""What is known of the published sets agrees with tensorflow-datasets itself."""

import subprocess
import sys

import pytest

from neuralscope.datasets import registry


@pytest.mark.parametrize("name", registry.CLASS_NAMES)
def test_records_are_those_of_tensorflow_datasets_builder(name):
    program = f"""
import tensorflow_datasets as tfds
builder = tfds.builder({name!r})
for url, info in sorted(builder.url_infos.items()):
    print(url, int(info.size), info.checksum, info.filename)
print(builder.info.features["label"].names)
"""
    *lines, names = subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True,
                                   text=True).stdout.splitlines()
    ours = [f"{record.url} {record.size} {record.checksum} {file}"
            for file, record in registry.file_records(name).items()]
    assert sorted(ours) == lines
    assert str(list(registry.CLASS_NAMES[name])) == names
    assert set(registry.file_records(name)) == {file for files in registry.FILE_NAMES.values() for file in files}


def test_every_published_file_is_known_by_its_checksum():
    for name in registry.CLASS_NAMES:
        for file, record in registry.file_records(name).items():
            assert registry.find_published_file(record.checksum) == (name, file)
    assert registry.find_published_file("0" * 64) is None
