"""The digest that tells which digits a file was made of."""

import hashlib
from dataclasses import replace

import numpy as np

from neuralscope.data_loader import Digits


def digits_sha256(digits: Digits) -> str:
    """Return the SHA-256 of pixels, as they are held, and labels, in hexadecimal digits."""
    return arrays_sha256(digits.pixels, digits.labels)


def is_digest_of(digest: object, digits: Digits) -> bool:
    """Say whether this is the `digits_sha256` of ``digits``, or the one that older files hold."""
    return digest == digits_sha256(digits) or is_float32_digest_of(digest, digits)


def is_float32_digest_of(digest: object, digits: Digits) -> bool:
    """Say whether this is the digest of ``digits`` in float32, as it was made before they were held as bytes."""
    return (isinstance(digest, str) and digits.pixels.dtype == np.uint8
            and digest == arrays_sha256(replace(digits).images, digits.labels))  # of a copy, for its floats are large


def arrays_sha256(*arrays: np.ndarray) -> str:
    """Return the SHA-256 of these arrays' bytes, one after the other, in hexadecimal digits."""
    result = hashlib.sha256()
    for array in arrays:
        result.update(np.ascontiguousarray(array).data)
    return result.hexdigest()
