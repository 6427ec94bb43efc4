"""Picture files in memory, and one that says it is larger than it is."""

import io
import zlib

import numpy as np
from PIL import Image


def image_bytes(picture, kind="PNG", **options):
    """Return a picture file's bytes."""
    made = io.BytesIO()
    Image.fromarray(picture).save(made, kind, **options)
    return made.getvalue()


def oversized_png(width, height):
    """Return a small PNG file that says it is so large."""
    made = bytearray(image_bytes(np.zeros((30, 30), np.uint8)))
    made[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    made[29:33] = zlib.crc32(made[12:29]).to_bytes(4, "big")
    return bytes(made)


def jpeg_of_scans(count, side=64):
    """Return a progressive JPEG file of so many scans: the last one, which changes nothing, again and again."""
    made = image_bytes(np.full((side, side), 128, np.uint8), "JPEG", progressive=True)
    places = [place for place in range(len(made)) if made.startswith(b"\xff\xda", place)]
    body, last = made[:-2], made[places[-1]:-2]
    return body + last * (count - len(places)) + made[-2:]
