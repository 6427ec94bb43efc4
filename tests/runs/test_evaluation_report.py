"""``--evaluate``: every printed figure, counted again by hand."""

import re

import numpy as np
import pytest

from neuralscope import images
from neuralscope.data_loader import load
from neuralscope.network import Network, evaluate, save
from neuralscope.network.__main__ import main

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture
def printed(tmp_path, capsys):
    """Return a function that evaluates a network on the embedded digits: (what it printed, its own Evaluation)."""
    def evaluated(head="softmax", **metadata):
        drawn = Network.random((784, 8, 10), head=head, rng=np.random.default_rng(0))
        save(drawn, tmp_path / "drawn.npz", {"dataset": "digits"} | metadata)
        assert main(["--evaluate", str(tmp_path / "drawn.npz")]) == 0
        test = load("digits").test
        prepared = images.prepare(test.images, metadata.get("preparation"))
        return capsys.readouterr().out, evaluate(drawn, prepared, test.labels)

    return evaluated


def test_the_table_s_rows_add_up_and_end_in_their_share(printed):
    text, result = printed()
    rows = re.findall(r"^ +(\d)((?: +[\d.]+){10}) +([\d.]+)%$", text, flags=re.MULTILINE)
    assert len(rows) == 10
    for name, cells, share in rows:
        counts = [int(cell) if cell != "." else 0 for cell in cells.split()]
        assert counts == result.confusion[int(name)].tolist()
        assert float(share) == round(100 * counts[int(name)] / sum(counts), 2)


@pytest.mark.parametrize(("head", "word"), [("softmax", "probabilities"), ("sigmoid", "outputs")])
def test_every_mistake_is_listed_the_worst_first(printed, head, word):
    text, result = printed(head)
    assert f"misread    {word} of what was read and of what it is; the worst first" in text
    lines = re.findall(r"^ +([\d,]+)  is (\d), read as (\d): ([\d.]+), ([\d.]+)$", text, flags=re.MULTILINE)
    assert [int(line[0].replace(",", "")) for line in lines] == result.mistakes.tolist()
    assert f"errors     {len(lines)} of 297" in text
    losses = result.losses[result.mistakes]
    assert (losses[1:] <= losses[:-1]).all()
    for index, truth, read, said, right in lines:
        outputs = result.outputs[int(index)]
        assert (int(truth), int(read)) == (result.labels[int(index)], result.predictions[int(index)])
        assert (float(said), float(right)) == pytest.approx((outputs[int(read)], outputs[int(truth)]), abs=5.1e-5)


def test_a_preparation_that_the_file_names_is_applied_and_said(printed):
    text, result = printed(preparation="deskew")
    assert "297 test images (embedded in scikit-learn; prepared by deskew)" in text
    assert f"errors     {result.errors} of 297" in text
    assert result.errors != printed()[1].errors  # it does change something here
