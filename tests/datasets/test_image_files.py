"""Files of pictures: what each kind is read as, in which order, and the line by which a bad one is refused."""

import gzip
import io
import os
import socket
import stat
import struct
import time
import tracemalloc
import zlib

import numpy as np
import PIL
import pytest
from PIL import ExifTags, Image, ImageCms

from neuralscope import predict
from neuralscope.datasets import decode, image_files, image_folder
from neuralscope.datasets.decode import MAX_JPEG_SCANS
from neuralscope.datasets.idx import IDX_DTYPES
from neuralscope.datasets.image_files import (
    MAX_IMAGE_BYTES,
    LoadedImage,
    as_prepared_digit,
    is_prepared,
    prepared_grey,
    read_first_image,
    read_image_bytes,
    read_images,
    walk_files,
)
from neuralscope.errors import InputError
from neuralscope.images.grayscale import to_channels, to_grayscale
from tests.helpers.image_bytes import jpeg_of_scans

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and permissions of POSIX")
GREY = np.zeros((30, 20), np.uint8)
GREY[5:25, 8:12] = 255
GREY[5:8, 4:12] = 160  # nothing of it is symmetric
NUMBERS = np.random.default_rng(0).integers(256, size=(5, 28, 28), dtype=np.uint8)


def grey_of(picture):
    """Return a Picture's grey values, 0 to 1."""
    assert picture.error == ""
    return to_grayscale(to_channels(picture.array))


def refusal(path):
    """Return the sentence by which a file is refused, at the latest after its last picture; it is one line."""
    *good, bad = read_images(path)
    assert bad.array is None
    assert bad.error.isprintable()
    assert len(bad.error) < 250
    if not good:
        with pytest.raises(InputError) as caught:
            read_first_image(path)
        assert str(caught.value) == f"{bad}: {bad.error}"
    return bad.error


def encoded(kind="png", picture=GREY, **options):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, kind, **options)
    return stream.getvalue()


def npy(values):
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def idx(shape, content, code=8):
    return bytes([0, 0, code, len(shape)]) + np.array(shape, ">u4").tobytes() + content


# Picture files


MODES = {
    "png": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "tif": ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I;16B", "I", "F"),
    "gif": ("1", "L", "P", "RGB", "RGBA"),
    "jpg": ("L", "RGB", "CMYK", "YCbCr"),
    "webp": ("L", "P", "RGB", "RGBA"),
    "bmp": ("1", "L", "P", "RGB", "RGBA"),
    "pgm": ("1", "L", "I;16", "I", "F"),
    "tga": ("1", "L", "LA", "P", "RGB", "RGBA"),
}


def in_mode(mode):
    """Return the grey picture in one of Pillow's modes."""
    picture = Image.fromarray(GREY)
    if mode == "LAB":
        profiles = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
        return ImageCms.applyTransform(picture.convert("RGB"), ImageCms.buildTransform(*profiles, "RGB", "LAB"))
    if mode == "1":
        return Image.fromarray(GREY > 0)
    if mode == "I;16B":  # the highest byte first
        return Image.frombytes(mode, (20, 30), (GREY.astype(">u2") * 257).tobytes())
    if mode.startswith("I"):
        return Image.fromarray(GREY.astype(np.uint16 if mode == "I;16" else np.int32) * 257)
    return picture.convert("P").convert("PA") if mode == "PA" else picture.convert(mode)


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes])
def test_every_mode_is_read_as_what_it_shows(tmp_path, kind, mode):
    if (kind, mode) == ("tif", "YCbCr") and int(PIL.__version__.split(".")[0]) < 13:
        pytest.skip("Pillow does not read what it wrote itself")
    in_mode(mode).save(tmp_path / f"picture.{kind}")
    [found] = read_images(tmp_path / f"picture.{kind}")
    assert found.array.dtype.isnative
    assert not found.is_array
    shown = GREY > 0 if mode == "1" else GREY / 255
    np.testing.assert_allclose(grey_of(found), shown, atol=0.25 if kind in ("jpg", "webp") else 0.02)


@pytest.mark.parametrize("kind", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize(("orientation", "undo"), [(1, None), (3, Image.Transpose.ROTATE_180),
                                                   (6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270)])
def test_a_camera_that_was_held_askew(tmp_path, kind, orientation, undo):
    upright = Image.fromarray(GREY)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    (upright.transpose(undo) if undo is not None else upright).save(tmp_path / f"photo.{kind}", exif=exif)
    [found] = read_images(tmp_path / f"photo.{kind}")
    np.testing.assert_allclose(grey_of(found), GREY / 255, atol=0.25)


def test_exif_data_that_are_damaged_are_no_reason_to_refuse(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "photo.png", exif=b"Exif\0\0neither MM nor II")
    np.testing.assert_array_equal(grey_of(*read_images(tmp_path / "photo.png")), np.float32(GREY * np.float32(1 / 255)))


@pytest.mark.parametrize("kind", ["gif", "png", "tif", "webp"])
def test_of_several_frames_the_first(tmp_path, kind):
    others = [Image.fromarray(255 - GREY)] * 2
    Image.fromarray(GREY).save(tmp_path / f"film.{kind}", save_all=True, append_images=others)
    [found] = read_images(tmp_path / f"film.{kind}")
    np.testing.assert_allclose(grey_of(found), GREY / 255, atol=0.25)


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_what_is_transparent_is_alpha(tmp_path, mode):
    ink = Image.fromarray(np.uint8(GREY == 0) * 255).convert(mode)  # black ink on a white that is transparent
    clear = {"L": 255, "RGB": (255, 255, 255), "P": ink.convert("P").getpixel((0, 0)), "1": 255}[mode]
    ink.save(tmp_path / "ink.png", transparency=clear)
    [found] = read_images(tmp_path / "ink.png")
    assert found.array.shape[2] in (2, 4)
    np.testing.assert_array_equal(found.array[..., -1] == 0, GREY == 0)


# Numbers


@pytest.mark.parametrize(("shape", "each", "places"), [
    ((784,), (28, 28), [None]),
    ((5, 784), (28, 28), range(5)),
    ((1, 784), (28, 28), [0]),
    ((28, 28), (28, 28), [None]),
    ((3, 28, 28), (28, 28), range(3)),
    ((40, 30), (40, 30), [None]),
    ((40, 30, 3), (40, 30, 3), [None]),
    ((2, 40, 30), (40, 30), range(2)),
    ((2, 40, 30, 4), (40, 30, 4), range(2)),
    ((600, 8, 9), (8, 9), range(600)),
])
def test_shapes(tmp_path, shape, each, places):
    values = np.random.default_rng(1).integers(256, size=shape, dtype=np.uint8)
    np.save(tmp_path / "numbers.npy", values)
    content = idx(shape, values.tobytes())
    (tmp_path / "numbers-idx").write_bytes(content)
    (tmp_path / "numbers-idx.gz").write_bytes(gzip.compress(content))
    for name in ("numbers.npy", "numbers-idx", "numbers-idx.gz"):
        found = list(read_images(tmp_path / name))
        assert [one.index for one in found] == list(places)
        assert all(one.is_array and one.error == "" for one in found)
        np.testing.assert_array_equal([one.array for one in found], values.reshape(-1, *each))


@pytest.mark.parametrize("dtype", ["?", "u1", "<f4", ">f8", ">u2", "<i8", "f2", *IDX_DTYPES.values()])
def test_kinds_of_number(tmp_path, dtype):
    codes = {kind: code for code, kind in IDX_DTYPES.items()}
    values = NUMBERS.astype(dtype)
    if dtype in codes:
        (tmp_path / "numbers").write_bytes(idx(values.shape, values.tobytes(), codes[dtype]))
    else:
        np.save(tmp_path / "numbers", values)
    found = list(read_images(next(tmp_path.iterdir())))
    assert all(one.array.dtype == np.dtype(dtype).newbyteorder("=") for one in found)
    np.testing.assert_array_equal([one.array for one in found], values)


def test_columns_first_is_read_too(tmp_path):
    np.save(tmp_path / "fortran.npy", np.asfortranarray(NUMBERS))
    np.testing.assert_array_equal([one.array for one in read_images(tmp_path / "fortran.npy")], NUMBERS)


@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("full", [255, 1])
def test_a_table_is_read_with_labels_and_without(tmp_path, header, labels, full):
    table = np.column_stack([np.array([1, 0, 2, 1, 0])] * labels + [NUMBERS.reshape(5, 784) / (255 / full)])
    path = tmp_path / "digits.CSV"
    names = ",".join(f"p{number}" for number in range(table.shape[1])) if header else ""
    np.savetxt(path, table, "%d" if full == 255 else "%.9f", delimiter=",", header=names, comments="")
    found = list(read_images(path))
    assert [str(one) for one in found] == [f"{path}[{place}]" for place in range(5)]
    np.testing.assert_allclose([one.array for one in found], NUMBERS / (255 / full), rtol=1e-6)
    assert [one.label for one in found] == (list("10210") if labels else [None] * 5)
    assert found[0].notice.startswith("the first column is taken for the label" if labels else "")
    assert bool(found[0].notice) == labels
    assert not found[1].notice


@pytest.mark.parametrize("kind", ["npy", "idx"])
def test_a_million_pictures_are_not_held_in_memory(tmp_path, kind):
    path = tmp_path / f"many.{kind}"
    if kind == "npy":
        np.lib.format.open_memmap(path, "w+", np.uint8, (10**6, 28, 28)).flush()  # a hole: it takes no room on disk
    else:
        with open(path, "wb") as file:
            file.write(bytes([0, 0, 8, 3]) + np.array((10**6, 28, 28), ">u4").tobytes())
            file.truncate(16 + 784 * 10**6)
    tracemalloc.start()
    try:
        for one in read_images(path):
            if one.index == 2000:
                break
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


# Folders


def test_a_folder_is_read_in_natural_order(tmp_path):
    for name in ("10.png", "9.png", "b/2.png", "b/11.png", "a.png", ".hidden/1.png", ".DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(GREY).save(tmp_path / name, "png")
    (tmp_path / "empty").mkdir()
    assert [os.path.relpath(name, tmp_path) for name in walk_files(str(tmp_path))] == [
        "9.png", "10.png", "a.png", os.path.join("b", "2.png"), os.path.join("b", "11.png")]


def test_a_bad_file_in_a_folder_does_not_end_it(tmp_path):
    for name in ("1.png", "3.png"):
        Image.fromarray(GREY).save(tmp_path / name)
    (tmp_path / "2.png").write_bytes(b"")
    np.save(tmp_path / "4.npy", NUMBERS)
    found = list(read_images(tmp_path))
    assert [bool(one.error) for one in found] == [False, True] + 6 * [False]
    assert str(found[-1]) == f"{tmp_path / '4.npy'}[4]"


@POSIX
def test_links_lead_nowhere_twice(tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    Image.fromarray(GREY).save(home / "1.png")
    Image.fromarray(GREY).save(other / "2.png")
    (home / "loop").symlink_to(home)
    (home / "other").symlink_to(other)
    (home / "other again").symlink_to(other)
    (home / "self").symlink_to(home / "self")
    (home / "gone").symlink_to(tmp_path / "gone")
    found = {os.path.relpath(one.name, home): one.error for one in read_images(home)}
    assert set(found) == {"1.png", "other/2.png", "self", "gone"}
    assert found["1.png"] == found["other/2.png"] == ""
    assert found["gone"] == "cannot be read (No such file or directory); check the name"
    assert found["self"].startswith("cannot be read (Too many levels of symbolic links)")


def test_a_deep_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(300):
        os.mkdir("d")
        monkeypatch.chdir("d")
    Image.fromarray(GREY).save("1.png")
    monkeypatch.chdir(tmp_path)
    [found] = read_images("d")
    assert found.error == ""


# What is refused


def png(*sizes):
    """Return a PNG that says it has this width and height, and has no pixels."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *sizes, 8, 0, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def heic(brand):
    """Return how an ISO media file begins, with its brand."""
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1heic" + bytes(1000)


NOISE = np.random.default_rng(0).integers(256, size=(300, 300), dtype=np.uint8)
ROW = ",".join(["0"] * 785) + "\n"
BAD = {
    "empty.png": (b"", "is empty (zero bytes); get it again"),
    "empty.csv": (b"", "is empty (zero bytes); get it again"),
    "text.png": (b"I am no picture\n", "is not a picture that can be read"),
    "nulls.png": (bytes(1000), "is not a picture that can be read"),
    "page.html": (b"<html></html>", "is not a picture that can be read"),
    "cut.png": (encoded(picture=NOISE)[:20000], "is damaged or truncated; get it again"),
    "head.png": (encoded()[:20], "is damaged or truncated"),
    "cut.jpg": (encoded("jpeg", NOISE)[:9000], "is damaged or truncated"),
    "cut.tif": (encoded("tiff", NOISE)[:900], "is damaged or truncated"),
    "cut.pcx": (encoded("pcx", NOISE)[:300], "is damaged or truncated"),
    "cut.bmp": (encoded("bmp", NOISE)[:900], "is damaged or truncated"),
    "bomb.png": (png(20_000, 20_000), "says it has more than the 50,000,000 pixels that are read; make it smaller"),
    "large.png": (png(8_000, 10_000), "says it has 10,000 x 8,000 pixels, and at most 50,000,000 are read"),
    "huge.png": (png(2**31 - 1, 2**31 - 1), "says it has more than the 50,000,000 pixels"),
    "phone.heic": (heic(b"heic"), "is HEIC, which is not read; save it as JPEG or PNG"),
    "phone.jpg": (heic(b"heix"), "is HEIC, which is not read; save it as JPEG or PNG"),
    "still.heif": (heic(b"mif1"), "is HEIC, which is not read; save it as JPEG or PNG"),
    "film.mp4": (heic(b"isom"), "is not a picture that can be read; name a picture"),
    "drawing.eps": (encoded("eps"), "is EPS, which is a program and not read; save it as PNG"),
    "deep.tif": (encoded("tiff", np.full((9, 9), 70_000, np.int32)), "has more than 16 bits a pixel"),
    "cut.npy": (npy(NUMBERS)[:-1], "is damaged or holds no numbers"),
    "head.npy": (npy(NUMBERS)[:30], "is damaged or holds no numbers"),
    "pickle.npy": (npy(np.array([print, None])), "is a pickle of objects, which can run any program when it is"),
    "line.npy": (npy(np.zeros(783)), "its shape is (783,), which is no picture"),
    "none.npy": (npy(np.zeros((0, 28, 28))), "its shape is (0, 28, 28), so it holds nothing"),
    "five.npy": (npy(np.zeros((1, 1, 9, 9, 3))), "its shape is (1, 1, 9, 9, 3), which is no picture"),
    "wide.npy": (npy(np.zeros((2, 9, 9, 5))), "its shape is (2, 9, 9, 5), which is no picture"),
    "labels.idx": (idx((10_000,), bytes(10_000)), "its shape is (10000,), which is no picture"),
    "cut.idx": (idx((5, 28, 28), bytes(5 * 784 - 1)), "is damaged or truncated (it ends too early)"),
    "long.idx": (idx((5, 28, 28), bytes(5 * 784 + 1)), "is too long: it says it holds 5 x 28 x 28 values"),
    "large.idx": (idx((1, 10_000, 10_000), b""), "says it has 10,000 x 10,000 pixels"),
    "many.idx": (bytes([0, 0, 8, 255]) + bytes(range(256)) * 4, "its shape is (66051, "),
    "cut.idx.gz": (gzip.compress(idx((5, 28, 28), NUMBERS.tobytes()))[:-900], "is damaged or truncated"),
    "wrong.idx.gz": (gzip.compress(idx((5, 28, 28), NUMBERS.tobytes()))[:-8] + bytes(8), "is damaged or truncated"),
    "text.gz": (gzip.compress(b"I am no picture"), "is not an IDX file by its first bytes"),
    "short.csv": (b"1,2,3\n", "line 1: 3 values where 784 pixels of 28x28 were expected"),
    "uneven.csv": ((ROW[2:] + ROW).encode(), "line 2: 785 values where 784 were expected, as in the first row"),
    "words.csv": ((ROW + ROW.replace("0", "x", 1)).encode(), "line 2: 'x' is not a number"),
    "strange.csv": (ROW.replace("0", "\N{RIGHT-TO-LEFT OVERRIDE}", 1).encode(), "line 1: "),
    "large.csv": (ROW[2:].replace("0", "256").encode(), "line 1: pixel 256 is outside 0..255"),
    "nan.csv": (ROW[2:].replace("0", "-1e9").encode(), "line 1: pixel -1e+09 is outside"),
    "head.csv": (b"label,pixel\n", "has no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_a_line(tmp_path, name):
    content, words = BAD[name]
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).startswith(words)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path):
    (tmp_path / "bomb.png").write_bytes(encoded(picture=np.zeros((7_100, 7_100), np.uint8)))
    tracemalloc.start()
    try:
        assert "says it has 7,100 x 7,100 pixels" in refusal(tmp_path / "bomb.png")
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def scans(before=b"", count=MAX_JPEG_SCANS + 1):
    """Return a JPEG file of so many scans, with something before the first of its segments."""
    made = jpeg_of_scans(count)
    return made[:2] + before + made[2:]


@pytest.mark.parametrize("before", [b"", b"\xff\xfe\0\4\xff\xd9", b"\xff\xff\xff"])
def test_a_jpeg_file_of_too_many_scans_is_refused_before_it_is_decoded(before):
    found = read_image_bytes(io.BytesIO(scans(before)), "x.jpg")
    assert found.error == "is a JPEG file of more than 100 scans; save it anew"
    hidden = jpeg_of_scans(30).replace(b"\xff\xda", b"\xff\x01\xff\xda")  # a marker that nothing follows
    assert len(list(decode.scan_places(hidden))) == 30


@pytest.mark.parametrize("content", [
    scans(count=MAX_JPEG_SCANS), scans(b"\xff\xe1\1\x92" + b"\xff\xda" * 200, 10), scans(count=10) + b"\xff\xda" * 200])
def test_only_the_scans_of_the_picture_itself_count(content):
    assert read_image_bytes(io.BytesIO(content), "x.jpg").array.shape == (64, 64)


def test_scans_are_counted_in_a_time_that_the_length_bounds():
    started = time.process_time()
    for content in (b"\xff" * 10**6, b"\xff\xfe\0\2" * 10**5, scans(count=3 * 10**4)):
        sum(1 for _ in decode.scan_places(content))
    assert time.process_time() - started < 10  # a hundredth of it, and hours where it grew as the square


def test_a_line_without_end_is_not_held_in_memory(tmp_path):
    with open(tmp_path / "endless.csv", "wb") as file:
        file.write(b"0,")
        file.truncate(10**9)
    tracemalloc.start()
    try:
        assert refusal(tmp_path / "endless.csv").startswith("line 1: ")
        assert tracemalloc.get_traced_memory()[1] < 2e7
    finally:
        tracemalloc.stop()


def test_missing_files(tmp_path):
    assert refusal(tmp_path / "none.png") == "cannot be read (No such file or directory); check the name"
    assert "NUL" in refusal(f"{tmp_path}/a\0b.png")
    assert refusal("a" * 300).startswith("cannot be read (File name too long)")
    assert refusal("").startswith("cannot be read (")
    assert refusal(tmp_path) == "is a folder without files; put pictures there"


@POSIX
def test_what_is_no_file_is_never_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's path may not be long
        server.bind("socket.png")
        for name in ("pipe.png", "socket.png", "/dev/zero", "/dev/null"):
            assert refusal(name).startswith("is not a file; name a picture")


@POSIX
@pytest.mark.parametrize("kind", ["png", "npy", "csv"])
def test_a_file_without_permission(tmp_path, monkeypatch, kind):
    path = tmp_path / f"secret.{kind}"
    path.write_bytes(encoded())
    path.chmod(0)
    if os.access(path, os.R_OK):  # as root: nothing is secret
        def refuse(path, *_):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr("builtins.open", refuse)
    assert refusal(path) == "cannot be read (Permission denied); get the right to read it"
    monkeypatch.undo()
    path.chmod(stat.S_IRWXU)


@POSIX
def test_a_folder_without_permission_is_told_and_the_others_are_read(tmp_path, monkeypatch):
    secret = tmp_path / "1 secret"
    secret.mkdir(mode=0)
    Image.fromarray(GREY).save(tmp_path / "2.png")
    if os.access(secret, os.R_OK):  # as root: nothing is secret
        look = os.listdir

        def refuse(path):
            if os.fspath(path) == str(secret):
                raise PermissionError(13, "Permission denied", path)
            return look(path)

        monkeypatch.setattr("os.listdir", refuse)
    assert refusal(secret) == "cannot be read (Permission denied); get the right to read it"
    assert [(one.name, bool(one.error)) for one in read_images(tmp_path)] == [(str(secret), True),
                                                                       (str(tmp_path / "2.png"), False)]
    monkeypatch.undo()
    secret.chmod(stat.S_IRWXU)


@pytest.mark.parametrize(("name", "shown"), [
    ("two words.png", "two words.png"),
    ("数字 é.png", "数字 é.png"),
    pytest.param("two\nlines\x1b[2J.png", r"two\nlines\x1b[2J.png", marks=POSIX),
    pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe", r"\u202egnp.exe", marks=POSIX),
    pytest.param(os.fsdecode(b"\xff.png"), r"\udcff.png", marks=POSIX),
])
def test_strange_names_are_read_and_shown_in_one_line(tmp_path, name, shown):
    path = tmp_path / name
    path.write_bytes(encoded())
    [found] = read_images(path)
    assert found.error == ""
    assert found.name == str(path)
    assert str(found) == f"{tmp_path}{os.sep}{shown}"
    path.write_bytes(b"")
    refusal(path)


@POSIX
def test_a_table_s_strange_name_is_no_part_of_what_is_wrong(tmp_path):
    (tmp_path / "two\nlines.csv").write_text("1,2,3\n")
    assert refusal(tmp_path / "two\nlines.csv").startswith("line 1: 3 values where 784")


# Streams


def test_a_stream_is_a_picture():
    found = read_image_bytes(io.BytesIO(encoded()), "-")
    np.testing.assert_array_equal(found.array, GREY)
    assert str(found) == "-"


@pytest.mark.parametrize(("content", "words"), [(b"", "is empty"), (b"text", "is not a picture"),
                                                (encoded()[:60], "is damaged or truncated")])
def test_a_bad_stream(content, words):
    found = read_image_bytes(io.BytesIO(content), "-")
    assert isinstance(found, LoadedImage)
    assert found.error.startswith(words)


def test_a_stream_that_breaks():
    class Broken:
        def read(self, count):
            raise OSError(5, "Input/output error")  # as a terminal's that has gone

    assert read_image_bytes(Broken(), "-").error == "cannot be read (Input/output error); look what is wrong there"


def test_a_stream_without_end():
    class Endless:
        def read(self, count):
            assert count == MAX_IMAGE_BYTES + 1
            return bytes(count)

    assert read_image_bytes(Endless(), "-").error == "is more than 64 MiB; send a smaller picture"


def test_a_digit_a_pixel_off_the_middle_is_prepared_whatever_the_last_decimal_says():
    grey = np.zeros((28, 28), np.float32)
    grey[4:24, 14:17] = 1  # its centre of mass: row 13.5, column 15
    grey[4:24, 14:16] -= np.float32(1e-5)
    assert is_prepared(grey)
    grey[4:24, 14] -= np.float32(1e-3)
    assert not is_prepared(grey)


def test_a_new_format_is_one_row_and_every_way_in_reads_it(tmp_path, monkeypatch):
    grid = image_files.ArrayFormat("grid of text", lambda path, start: path.endswith(".grid"),
                                   lambda path: iter([(None, np.loadtxt(path, np.uint8))]))
    (tmp_path / "4").mkdir()
    np.savetxt(tmp_path / "4" / "0001.grid", NUMBERS[0], "%d")
    monkeypatch.setattr(image_files, "ARRAY_FORMATS", (*image_files.ARRAY_FORMATS, grid))
    (found,) = read_images(tmp_path)
    assert found.is_array
    np.testing.assert_array_equal(found.array, NUMBERS[0])
    images, labels, _ = image_folder.read_image_folder(tmp_path)
    np.testing.assert_allclose(images, NUMBERS[:1].reshape(1, 784) / 255, rtol=1e-6)
    assert labels == 4
    (tmp_path / "4" / "0001.grid").rename(tmp_path / "0001.unknown")
    kinds = image_files.readable_kinds()
    assert kinds.startswith("picture, .npy, CSV, ARFF")
    assert kinds.endswith(" or grid of text file")
    assert refusal(tmp_path / "0001.unknown").endswith(f"name a {kinds}")
    assert f"{kinds}, a folder of these" in " ".join(predict.build_parser().format_help().split())


def test_numbers_are_turned_to_light_ink_only_where_their_ink_is_surely_dark(embedded):
    rng = np.random.default_rng(0)
    for image in embedded.test.images[:60].reshape(-1, 28, 28):
        noise = rng.normal(0, 0.04, image.shape)
        for light in (image, np.float32(0.1) + np.float32(0.6) * image, np.clip(image + noise, 0, 1)):
            assert prepared_grey(LoadedImage("", light, is_array=True))[1] == ()
            _, steps = prepared_grey(LoadedImage("", 1 - light, is_array=True))
            assert steps == ("ink",)
            np.testing.assert_allclose(as_prepared_digit(LoadedImage("", 1 - light, is_array=True))[0][0],
                                       light.ravel(), atol=1e-5)


def test_steps_that_are_left_out_are_not_taken(embedded):
    dark = LoadedImage("", 1 - embedded.test.images[0].reshape(28, 28), is_array=True)
    assert prepared_grey(dark, ("grey", "centre"))[1] == ()
    picture = LoadedImage("", embedded.test.images[0].reshape(28, 28))
    assert prepared_grey(picture)[1] == ()
    assert prepared_grey(picture, ("grey", "centre")) is None
