"""Damaged and hostile files of every format, read one after the other: ``python -m tests.helpers.hostile_files``.

Prints as JSON what became of them: counts of files read, refused in words and else, by format, files that were opened
beside, and the memory taken. A file that ends the process stays in the folder.
"""

import ctypes
import io
import json
import os
import resource
import struct
import sys
import tempfile
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers import hdf5, hdf5_process, keras_file
from neuralscope.network.importers.formats import FORMATS, function_of
from neuralscope.network.importers.reader import read
from neuralscope.network.storage import SavedNetwork
from tests.helpers.foreign_networks import random_arrays, random_network
from tests.helpers.keras_files import entry, functional, write_h5, write_keras

MAX_EXTRA_BYTES = 2**30
EDGES = [0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1]
IN_OPEN = 0x20  # of inotify
HDF5_ENDINGS = [".keras", ".h5"]  # one in ten, for each takes a process


def seeds(folder):
    """Return the bytes of whole files by their ending, a few of each."""
    found = {}
    for activation in ("relu", "silu"):
        saved = SavedNetwork(Path("n.npz"), random_network(*[activation] * 3, "softmax"), {"class_names": [*"abcd"]},
                             {}, {})
        for row in FORMATS:
            if row.write:
                found.setdefault(row.endings[0], []).append(function_of(row.write)(saved))
    first, second = random_arrays((12, 7, 4))
    norm = [np.ones(7, np.float32)] * 4
    layers = [entry("Rescaling", scale=0.5, offset=0), entry("Flatten"), entry("Dense", first, activation="relu"),
              entry("BatchNormalization", norm), entry("Dense", second, activation="softmax")]
    for write, ending in ((write_keras, ".keras"), (write_h5, ".h5")):
        found[ending] = [write(folder / f"seed{ending}", layers, *model).read_bytes()
                         for model in ((), (functional(layers),))]
    found[".h5"] += outside_h5(folder, layers)
    found[".onnx"].append(outside_onnx(found[".onnx"][0]))
    found[".json"].append(b'{"W1": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    found[".keras"].append(write_keras(folder / "bomb.keras", layers, weights=bytes(10**8),
                                       compression=zipfile.ZIP_DEFLATED).read_bytes())
    stream = io.BytesIO()
    np.save(stream, np.hstack([first[0], second[0].T.repeat(3, 0)]))
    found[".npy"] = [stream.getvalue()]
    return found


def outside_h5(folder, layers):
    """Return the bytes of HDF5 files whose weights lie in the canary: by a link, or by their storage."""
    import h5py

    found = []
    for kind in ("link", "storage"):
        path = write_h5(folder / "outside.h5", layers)
        with h5py.File(path, "a") as file:
            group = file["model_weights/dense_2/dense_2"]
            del group["kernel:0"]
            if kind == "link":
                group["kernel:0"] = h5py.ExternalLink(str(folder / "canary"), "/kernel")
            else:
                group.create_dataset("kernel:0", (12, 7), "f4", external=[(str(folder / "canary"), 0, 336)])
        found.append(path.read_bytes())
    return found


def outside_onnx(content):
    """Return the bytes of an ONNX file whose weights lie in another file."""
    import onnx

    model = onnx.load_model_from_string(content)
    onnx.external_data_helper.set_external_data(model.graph.initializer[0], "../../../../../../etc/passwd")
    model.graph.initializer[0].ClearField("raw_data")
    return model.SerializeToString()


def damage(content, rng):
    """Return a file's bytes with a few of them changed, cut, doubled, or set to numbers at the ends of their range."""
    content = bytearray(content)
    for _ in range(rng.integers(1, 6)):
        size = len(content)
        if not size:
            break
        # headers are short, and stand first or last
        near = int(rng.integers(min(size, 400)))
        at = int(rng.choice([rng.integers(size), near, size - 1 - near]))
        kind = rng.integers(7)
        if kind == 0:
            content[at] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            content[at] = int(rng.integers(256))
        elif kind == 2 and rng.random() < 0.3:
            del content[at:]
        elif kind == 3:
            width, name = [(1, "B"), (2, "H"), (4, "I"), (8, "Q")][int(rng.integers(4))]
            value = EDGES[int(rng.integers(len(EDGES)))] % 2 ** (8 * width)
            content[at:at + width] = struct.pack(f"<{name}", value)
        elif kind == 4:
            del content[at:at + int(rng.integers(1, 40))]
        elif kind == 5:
            other = int(rng.integers(size))
            content[at:at] = content[other:other + int(rng.integers(1, 200))]
        else:
            other, length = int(rng.integers(size)), int(rng.integers(1, 64))
            content[at:at + length] = content[other:other + length]
    return bytes(content)


def hostile(ending, content, rng):
    """Return the bytes of a damaged file; of an archive now and then whole, with one member damaged."""
    if ending not in (".keras", ".npz") or rng.random() < 0.3:
        return damage(content, rng)
    stream, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(content))
    if any(member.compress_type for member in source.infolist()):  # the bomb, which nobody unpacks
        return damage(content, rng)
    chosen = rng.choice(source.namelist())
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, damage(data, rng) if name == chosen else data)
    return stream.getvalue()


def read_forked(path):
    """Do what `hdf5_process.read_file` does, in a process that has imported all already, and for a second at most."""
    with open(path, "rb") as file, tempfile.TemporaryFile() as output:
        process = os.fork()
        if not process:
            os.dup2(file.fileno(), 0)
            os.dup2(output.fileno(), 1)
            sys.stdout, hdf5.MAX_CPU_SECONDS = os.fdopen(1, "w"), 1
            try:
                hdf5.main()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        ENDS[status] += 1
        if status:
            raise InputError("is damaged: the process that read it came to an end")
        output.seek(0)
        return hdf5_process.parse_output(output.read())


ENDS = Counter()  # of processes, by their exit status or minus the signal that ended them


class Opened:
    """Which files this process opens: in Python by its own word, and ``canary`` also in C, by the system's."""

    def __init__(self, canary):
        self.paths, self.expected, self.on = [], "", False
        self.libc = ctypes.CDLL(None)
        self.watch = self.libc.inotify_init1(os.O_NONBLOCK)
        self.libc.inotify_add_watch(self.watch, os.fsencode(canary), IN_OPEN)
        sys.addaudithook(self.hear)

    def hear(self, event, arguments):
        """Note a file that is opened."""
        if event != "open" or not self.on or isinstance(arguments[0], int):
            return
        name = str(arguments[0])
        if name != self.expected and tempfile.gettempdir() not in (name, os.path.dirname(name)):  # as `read_forked`
            self.paths.append(name)

    def canary_was_opened(self):
        """Say whether the system saw the canary opened since the last question."""
        try:
            return bool(os.read(self.watch, 4096))
        except BlockingIOError:
            return False


def main(folder, seed, count, *endings):
    """Read ``count`` files, and print what became of them."""
    folder, rng, outcomes, failures = Path(folder), np.random.default_rng(int(seed)), Counter(), []
    canary = folder / "canary"
    canary.write_text("secret")
    whole = seeds(folder)
    keras_file.read_file = read_forked
    for ending, contents in whole.items():  # so that everything is imported
        for content in contents[:2]:  # those that are no trap
            (folder / f"whole{ending}").write_bytes(content)
            read(folder / f"whole{ending}")
    opened = Opened(canary)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MAX_EXTRA_BYTES, resource.RLIM_INFINITY))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    endings = endings or [ending for ending in whole if ending not in HDF5_ENDINGS] * 3 + HDF5_ENDINGS
    for number in range(int(count)):
        ending = endings[number % len(endings)]
        contents = whole[ending]
        path = folder / f"file{ending}"
        path.write_bytes(hostile(ending, contents[int(rng.integers(len(contents)))], rng))
        opened.expected, opened.on = str(path), True
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                read(path)
            outcomes[f"{ending} read"] += 1
        except InputError as error:
            outcomes[f"{ending} refused"] += 1
            if "\n" in str(error) or len(str(error)) > 5000:
                failures.append(f"{ending} {number}: {error!s:.200}")
        except BaseException as error:
            outcomes[f"{ending} FAILED"] += 1
            place = traceback.extract_tb(error.__traceback__)
            failures.append(f"{ending} {number}: {type(error).__name__}: {error!s:.100} at " + " < ".join(
                f"{Path(frame.filename).name}:{frame.lineno}" for frame in place[:-5:-1]))
        opened.on = False
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"outcomes": outcomes, "failures": failures[:40], "opened": sorted(set(opened.paths))[:20],
                      "canary": opened.canary_was_opened(), "memory_mib": (after - before) / 1024,
                      "process_memory_mib": children / 1024, "process_ends": ENDS}))


if __name__ == "__main__":
    main(*sys.argv[1:])
