"""``python -m benchmarks.predict``: pictures a second from files to answers, beside what decodes them and no more.

Each row is a folder or file of test digits, read by ``neuralscope.predict`` and by a program that only makes arrays of
them with Pillow or NumPy. Both are processes from their start to their end, in turns.
"""

import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.memory import MEGABYTE_BYTES, peak_resident_bytes
from neuralscope.cli import EXIT_DONE, Parser, run_program
from neuralscope.data_loader import load

MIN_PICTURES_PER_S = 2000  # pictures a second
ENLARGEMENT = 10  # times the side: a digit as it is drawn or photographed
ROW_FORMAT = "| {:26} | {:>8} | {:>9} | {:>10} | {:>10} | {:>9} |"
HEADINGS = ("pictures", "number", "ours /s", "bare /s", "ours/bare", "ours MB")


def main(argv=None):
    """Print the table; return 1 if the 28x28 PNG files are read too slowly."""
    parser = Parser(prog="python -m benchmarks.predict", description="Measure the reading of pictures from files.")
    parser.add_argument("--data-dir", metavar="DIR", help="folder with MNIST's files (default: $NEURALSCOPE_DATA_DIR); "
                                                          "without MNIST the embedded digits stand in")
    parser.add_argument("--count", type=int, default=10_000, metavar="N", help="pictures (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="turns (default: %(default)s)")
    arguments = parser.parse_args(argv)
    images = load("auto", arguments.data_dir).test.images
    pictures = np.rint(np.resize(images, (arguments.count, 784)) * 255).astype(np.uint8).reshape(-1, 28, 28)
    print(ROW_FORMAT.format(*HEADINGS))
    print(ROW_FORMAT.format("-" * 26, *["-" * (width - 1) + ":" for width in (8, 9, 10, 10, 9)]))
    speeds = {}
    with tempfile.TemporaryDirectory(prefix="neuralscope-") as folder:
        for name, bare, write, count in picture_forms(len(pictures)):
            path = Path(folder) / name.replace(" ", "-").replace(",", "")
            write(path, pictures[:count])
            ours, plain, size = measure_in_turns(arguments.rounds, path, bare)
            speeds[name] = count / ours
            print(ROW_FORMAT.format(name, f"{count:,}", f"{count / ours:,.0f}", f"{count / plain:,.0f}",
                                    f"{plain / ours:.2f}", size), flush=True)
    return EXIT_DONE if speeds["28x28 PNG"] >= MIN_PICTURES_PER_S else 1


def picture_forms(count):
    """Yield what is measured: a name, the bare program's name, what writes it to a path, and how many pictures."""
    yield "28x28 PNG", "pillow", write_folder, count
    yield "28x28 PNG, a tenth of them", "pillow", write_folder, count // 10
    yield "28x28 PNG, dark ink", "pillow", lambda path, pictures: write_folder(path, 255 - pictures), count
    yield "280x280 PNG, dark ink", "pillow", write_large, count // 10
    yield "npy", "npy", write_npy, count
    yield "IDX, gzipped", "idx", write_idx, count
    yield "digits.csv", "csv", write_csv, count


def write_folder(path, pictures):
    """Write each picture as a PNG file into a folder."""
    from PIL import Image

    path.mkdir()
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(path / f"{number}.png")


def write_large(path, pictures):
    """Write each picture enlarged, dark on light."""
    from PIL import Image

    side = 28 * ENLARGEMENT
    write_folder(path, [255 - np.asarray(Image.fromarray(picture).resize((side, side))) for picture in pictures])


def write_npy(path, pictures):
    """Write one .npy file."""
    with open(path, "wb") as file:
        np.save(file, pictures)


def write_idx(path, pictures):
    """Write one gzipped IDX file."""
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(bytes([0, 0, 8, 3]) + np.array(pictures.shape, ">u4").tobytes() + pictures.tobytes())


def write_csv(path, pictures):
    """Write one CSV file of labels, whatever the pictures show, and pixels."""
    labels = np.arange(len(pictures))[::-1] % 10
    np.savetxt(path, np.column_stack([labels, pictures.reshape(-1, 784)]), "%d", delimiter=",")


def measure_in_turns(rounds, path, bare):
    """Return the median seconds of ours and of the bare program, and the most MB that ours held."""
    times, sizes = {"ours": [], bare: []}, []
    for _ in range(rounds):
        for name, taken in times.items():
            code = f"from benchmarks import predict; predict.read_and_print_memory({name!r}, {str(path)!r})"
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
            taken.append(time.perf_counter() - start)
            if name == "ours":
                sizes.append(done.stdout.splitlines()[-1])
    return *(statistics.median(taken) for taken in times.values()), max(sizes, key=len)


def read_and_print_memory(name, path):
    """Read what is at ``path``, ours with its lines on standard output, and last the MB that this process held."""
    READING_PROGRAMS[name](Path(path))
    size = peak_resident_bytes()
    print("?" if size is None else round(size / MEGABYTE_BYTES))


def predict_pictures(path):
    """Predict."""
    from neuralscope import predict

    if predict.main([str(path)]) != EXIT_DONE:
        raise RuntimeError("not all pictures could be read")


def decode_pngs(path):
    """Make an array of every picture in a folder."""
    from PIL import Image

    for file in path.iterdir():
        with Image.open(file) as image:
            np.asarray(image)


def decode_idx(path):
    """Make an array of an IDX file."""
    np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8)


def decode_csv(path):
    """Make an array of a CSV file."""
    np.loadtxt(path, np.int16, delimiter=",")


READING_PROGRAMS = {
    "ours": predict_pictures,
    "pillow": decode_pngs,
    "npy": np.load,
    "idx": decode_idx,
    "csv": decode_csv,
}

if __name__ == "__main__":
    run_program(main)
