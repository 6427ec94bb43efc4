"""A picture file's bytes -> an array, by Pillow: the size is checked first, and damage is told in a line."""

import errno
import itertools
import logging
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from neuralscope.datasets.array_files import MAX_IMAGE_PIXELS, TooLargeError, check_image_size
from neuralscope.errors import InputError

if TYPE_CHECKING:
    from PIL.Image import Image

# modes that are arrays as they are
DIRECT_MODES = {"1", "L", "LA", "RGB", "RGBA", "I;16", "I;16B", "I;16L", "I;16N", "F"}
ORIENTATION_TAG = 0x0112  # the EXIF tag by which cameras say how they were held
PROGRAM_FORMATS = {"EPS", "WMF"}  # formats that Pillow gives to other programs, which may do what is written in them
HEIC_SIGNATURES = b"ftypheic", b"ftypheix", b"ftypmif1"  # what follows the first four bytes of what an iPhone saves
# What Pillow raises on bytes that nobody meant; found by damaging files at random.
IMAGE_DAMAGE_ERRORS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    EOFError,
    SyntaxError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
)
# Of one JPEG file: cameras and programs write up to 15. Each may cost as much as the picture has pixels, and few bytes.
MAX_JPEG_SCANS, MAX_JPEG_BYTES = 100, 2**28
JPEG_FORMATS = {"JPEG", "MPO"}
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # of what follows, and no part of a scan
SCAN_MARKER, END_MARKER, BARE_MARKERS = b"\xff\xda", b"\xff\xd9", (b"\xff\xd8", b"\xff\x01")  # ITU-T T.81, table B.1
DAMAGED = "is damaged or truncated", "get it again"  # and the remedy
NULL_LOG_HANDLER = logging.NullHandler()  # Pillow also tells its log what it raises, which would go to standard error


def decode_image(file: BinaryIO, formats: tuple[str, ...] | None = None,
                 max_pixels: int = MAX_IMAGE_PIXELS, remedy: str = "name a picture") -> np.ndarray:
    """Return the first frame of a picture file (open, binary) as an array that ``images.preprocess`` takes.

    ``formats``: those of Pillow's that are read (default: all); ``remedy``: what to do where it is no picture. Upright
    by EXIF, palettes and CMYK as RGB, transparency as alpha. Raises InputError, without the file's name, or OSError.
    """
    from PIL import Image

    logging.getLogger("PIL").addHandler(NULL_LOG_HANDLER)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of strange metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # of a picture in the picture, as in .ico
            with Image.open(file, formats=formats) as image:
                if image.format in PROGRAM_FORMATS:
                    raise InputError(f"is {image.format}, which is a program and not read", "save it as PNG")
                check_image_size(image.height, image.width, max_pixels)
                if image.format in JPEG_FORMATS:
                    check_scans(file)
                return to_array(apply_orientation(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLargeError(f"says it has more than the {max_pixels:,} pixels that are read",
                            "make it smaller") from None
    except Image.UnidentifiedImageError:
        raise (InputError(*DAMAGED) if formats else unknown_format_error(file, remedy)) from None
    except InputError:
        raise
    except (OSError, *IMAGE_DAMAGE_ERRORS) as error:
        if getattr(error, "errno", None) not in (None, errno.EINVAL):  # a place before the file's beginning
            raise
        raise InputError(*DAMAGED) from None


def check_scans(file: BinaryIO) -> None:
    """Raise TooLargeError for a JPEG file of more than MAX_JPEG_SCANS scans; the file stands where it stood."""
    place = file.tell()
    file.seek(0)
    content = file.read(MAX_JPEG_BYTES)
    file.seek(place)
    if sum(1 for _ in itertools.islice(scan_places(content), MAX_JPEG_SCANS + 1)) > MAX_JPEG_SCANS:
        raise TooLargeError(f"is a JPEG file of more than {MAX_JPEG_SCANS} scans", "save it anew")


def scan_places(content: bytes) -> Iterator[int]:
    """Yield where each scan of a JPEG file's picture begins, in a time that its length bounds (ITU-T T.81, B.1)."""
    place = 0
    while found := JPEG_MARKER.search(content, place):
        place = found.end()
        if found[0] == END_MARKER:
            return
        if found[0] == SCAN_MARKER:
            yield found.start()
        if found[0] not in BARE_MARKERS:
            place += int.from_bytes(content[place:place + 2], "big")  # its own two bytes count; what has fewer ends it


def unknown_format_error(file: BinaryIO, remedy: str) -> InputError:
    """Return the InputError for a file that Pillow cannot tell what it is."""
    file.seek(4)
    if file.read(8) in HEIC_SIGNATURES:
        return InputError("is HEIC, which is not read", "save it as JPEG or PNG")
    return InputError("is not a picture that can be read", remedy)


def apply_orientation(image: "Image") -> "Image":
    """Return the picture, turned as its EXIF data say where they can be read."""
    from PIL import ImageOps

    image.load()
    try:
        turned = image.getexif().get(ORIENTATION_TAG, 1) != 1
    except (OSError, *IMAGE_DAMAGE_ERRORS):
        turned = False
    return ImageOps.exif_transpose(image) if turned else image


def to_array(image: "Image") -> np.ndarray:
    """Return a picture as an array: (height, width[, channels]) bool, uint8, uint16 or float32."""
    if image.mode == "I":  # 32 bits, in which 16 are kept
        values = np.asarray(image)
        if values.min() < 0 or values.max() > np.iinfo(np.uint16).max:
            raise InputError("has more than 16 bits a pixel", "save it with 8 or 16")
        return values.astype(np.uint16)
    if image.has_transparency_data and image.mode not in ("LA", "RGBA"):
        image = image.convert("LA" if image.mode in ("1", "L", "La") else "RGBA")
    elif image.mode not in DIRECT_MODES:
        image = image.convert("RGB")
    values = np.asarray(image)
    if image.mode == "F" and values.max() > 1:  # the range that Pillow's own conversion gives
        values = values / np.float32(255)
    return values.astype(values.dtype.newbyteorder("="), copy=False)
