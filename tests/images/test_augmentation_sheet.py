"""The sheet of warped digits: a PNG whose first column are the digits, and the rest warps of them."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from neuralscope.images import augmentation_sheet
from neuralscope.images.augmentation import AUGMENTATIONS
from neuralscope.network.__main__ import main

WARPS = [name for name, warp in AUGMENTATIONS.items() if warp]


def tiles(picture):
    """Return the pictures on a sheet, (rows, columns, 28, 28), at the digits' own size."""
    side = 28 * augmentation_sheet.TILE_ZOOM + augmentation_sheet.GAP_PX
    rows = []
    for down in range(10):
        top = augmentation_sheet.MARGIN_PX + down * side
        lefts = [
            augmentation_sheet.MARGIN_PX + across * side + (augmentation_sheet.GAP_PX if across else 0)
            for across in range(augmentation_sheet.SHEET_COLUMNS)
        ]
        rows.append(
            [
                picture[
                    top : top + 28 * augmentation_sheet.TILE_ZOOM : augmentation_sheet.TILE_ZOOM,
                    left : left + 28 * augmentation_sheet.TILE_ZOOM : augmentation_sheet.TILE_ZOOM,
                ]
                for left in lefts
            ]
        )
    return np.array(rows)


@pytest.mark.parametrize("name", WARPS)
def test_first_the_digits_then_warps_of_them(name, embedded):
    picture = np.asarray(Image.open(io.BytesIO(
        augmentation_sheet.draw_sheet(embedded.train, name, AUGMENTATIONS[name], np.random.default_rng(0)))))
    shown = tiles(picture)
    digits = {(image * 255).astype(np.uint8).tobytes(): int(label)
              for image, label in zip(embedded.train.images, embedded.train.labels, strict=True)}
    assert [digits[row[0].tobytes()] for row in shown] == list(range(10))
    for row in shown:
        everything = {tile.tobytes() for tile in row}
        assert len(everything) == augmentation_sheet.SHEET_COLUMNS
        for tile in row[1:].astype(float):
            assert 0 < np.abs(tile - row[0]).mean() < 100
            assert tile.sum() == pytest.approx(row[0].astype(float).sum(), rel=0.6)


@pytest.mark.parametrize("name", WARPS)
def test_the_caption_has_the_warp_s_numbers(name):
    warp = AUGMENTATIONS[name]
    words = " ".join(augmentation_sheet.caption_lines(name, warp))
    assert re.match(rf"{name}: shift {warp.shift:g} px, turn {warp.turn:g}°, ", words)
    assert ("elastic alpha" in words) == bool(warp.alpha)


def test_the_command_draws_it(warm, tmp_path, capsys):
    path = tmp_path / "sheet.png"
    assert main(["--dataset", "digits", "--show-augmentation", str(path)]) == 0
    assert capsys.readouterr() == (f"digits, warped; drawn in {path}\n", "")
    first = path.read_bytes()
    main(["--dataset", "digits", "--show-augmentation", str(path), "--quiet"])
    assert path.read_bytes() == first
    main(["--dataset", "digits", "--show-augmentation", str(path), "--quiet", "--seed", "1"])
    assert path.read_bytes() != first
    assert capsys.readouterr() == ("", "")
