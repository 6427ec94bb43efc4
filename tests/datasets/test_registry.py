"""What is known of the published sets agrees with tensorflow-datasets itself."""

import json
import subprocess
import sys

from neuralscope.datasets import registry


def test_records_are_those_of_tensorflow_datasets_builder():
    """All sets in one process: it takes seconds to import the package."""
    program = f"""
import json
import tensorflow_datasets as tfds
found = {{}}
for name in {list(registry.CLASS_NAMES)}:
    builder = tfds.builder(name)
    files = [[url, int(info.size), info.checksum, info.filename] for url, info in builder.url_infos.items()]
    found[name] = [sorted(files), builder.info.features["label"].names]
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True, text=True)
    ours = {name: [sorted([record.url, record.size, record.checksum, file]
                          for file, record in registry.file_records(name).items()), list(names)]
            for name, names in registry.CLASS_NAMES.items()}
    assert json.loads(done.stdout) == ours
    published = {file for files in registry.FILE_NAMES.values() for file in files}
    assert {name: set(registry.file_records(name)) for name in ours} == dict.fromkeys(ours, published)


def test_every_published_file_is_known_by_its_checksum():
    for name in registry.CLASS_NAMES:
        for file, record in registry.file_records(name).items():
            assert registry.find_published_file(record.checksum) == (name, file)
    assert registry.find_published_file("0" * 64) is None
