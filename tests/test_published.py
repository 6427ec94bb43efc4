"""What is known of the published sets agrees with tensorflow-datasets itself."""

import subprocess
import sys

import pytest

from neuralscope.sources import published


@pytest.mark.parametrize("name", published.CLASS_NAMES)
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
            for file, record in published.records(name).items()]
    assert sorted(ours) == lines
    assert str(list(published.CLASS_NAMES[name])) == names
    assert set(published.records(name)) == {file for files in published.FILES.values() for file in files}


def test_every_published_file_is_known_by_its_checksum():
    for name in published.CLASS_NAMES:
        for file, record in published.records(name).items():
            assert published.owner(record.checksum) == (name, file)
    assert published.owner("0" * 64) is None
