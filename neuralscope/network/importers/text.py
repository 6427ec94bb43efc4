"""What was taken of a network from elsewhere, in one line: what was found, what is assumed, what else it may be."""

from collections.abc import Mapping, Sequence

from neuralscope.errors import sentence
from neuralscope.formatting import counted, share
from neuralscope.network import nonfinite
from neuralscope.network.importers.choices import Reading
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.settle import NOUNS, Settled, open_names

LAYOUT_WORDS = {"in-out": "weights (in, out)", "out-in": "weights (out, in)"}
OTHER_LAYOUT = {"in-out": "out-in", "out-in": "in-out"}
# how what is open is said, by the names of Reading's fields: on the command line, and in Python
OPTIONS = {"activation": "--hidden-activation", "scale": "--input-scale", "transposed": "--transposed-images",
           "other_layout": "--weights-layout", "output": "--output-function"}
KEYWORDS = {"activation": "activation=", "scale": "scale=", "transposed": "transposed_images=",
            "other_layout": "layout=", "output": "output="}


def reading_parts(reading: Reading, foreign: ForeignNetwork) -> dict[str, str]:
    """Return in words what a Reading says of what the file leaves open, by what it is."""
    parts = {"scale": f"inputs {reading.scale.name}"} if foreign.scale is None else {}
    if any(layer.activation is None for layer in foreign.layers[:-1]):
        parts["activation"] = reading.activation
    if any(layer.may_be_transposed for layer in foreign.layers):
        layout = OTHER_LAYOUT.get(foreign.layout, "") if reading.other_layout else foreign.layout
        parts["layout"] = LAYOUT_WORDS.get(layout, f"square weights {'turned' * reading.other_layout or 'as they are'}")
    if any(layer.biases_may_be_first for layer in foreign.layers):
        parts["biases"] = f"biases in the {'first' if reading.biases_first else 'last'} row"
    parts["pictures"] = "transposed pictures" if reading.transposed else ""
    return parts


def different_parts(reading: Reading, best: Reading, foreign: ForeignNetwork) -> str:
    """Return in words in what a Reading is not the best one."""
    parts, others = reading_parts(reading, foreign), reading_parts(best, foreign)
    plain = {"pictures": "pictures as they are"}
    return ", ".join(parts[name] or plain[name] for name in parts if parts[name] != others[name])


def settled_parts(settled: Settled, words: Mapping[str, str] = OPTIONS) -> tuple[str, ...]:
    """Return how a network is read, in sentences: what was found, with the next best, and what is assumed.

    ``words``: OPTIONS or KEYWORDS.
    """
    best, foreign = settled.reading, settled.foreign
    found = ", ".join(filter(None, reading_parts(best, foreign).values()))
    if settled.others:  # pictures were read transposed too
        found = found or "pictures as they are"
    if settled.accuracy is not None and found:
        found += f": {share(settled.accuracy, 1)} of {settled.count:,} training images"
        if nonfinite.locate(settled.network):
            found += ", what is no number or infinite counted as 0"
    rival = ""
    if settled.others:
        reading, accuracy = settled.others[0]
        standing = "as good" if reading in settled.open and settled.renamed is None else "second best"
        rival = f"{standing}: {different_parts(reading, best, foreign)}, {share(accuracy, 1)}"
    renamed = "" if settled.renamed is None else (
        f"{share(settled.renamed, 1)} if its outputs are of other classes than in this order")
    if foreign.file_scale is not None and best.scale is not foreign.file_scale:
        found += f"; not {foreign.file_scale.name}, which the file has too"
    parts = (found, renamed, rival, undecided_text(settled, words), equals_text(settled), output_text(settled),
             *foreign.notices)
    return tuple(filter(None, parts))


def unscaled_text(settled: Settled) -> str:
    """Return in a line what was found and assumed but the scale of the inputs and whether pictures are transposed."""
    parts = reading_parts(settled.reading, settled.foreign)
    found = ", ".join(words for name, words in parts.items() if name not in ("scale", "pictures") and words)
    names = [name for name in undecided_names(settled) if name not in ("scale", "transposed")]
    is_open = f"{' and '.join(NOUNS[name] for name in names)} may be another" if names else ""
    return sentence(found, is_open, output_text(settled), *settled.foreign.notices)


def undecided_text(settled: Settled, words: Mapping[str, str] = OPTIONS) -> str:
    """Return that another choice may be meant, and how to say so, or ""."""
    return "" if settled.decided else sentence("this is not decided", remedy(undecided_names(settled), words),
                                               joint=": ")


def undecided_names(settled: Settled) -> list[str]:
    """Return the names of Reading's fields that may be meant otherwise; none where it is decided."""
    return [] if settled.decided else open_names([settled.reading, *(settled.open or settled.equals)])


def remedy(names: Sequence[str], words: Mapping[str, str] = OPTIONS) -> str:
    """Return how to say what is open, by the names of Reading's fields, or ""."""
    said = [words[name] for name in names if name in words]
    return f"say it with {', '.join(said)}" if said else ""


def equals_text(settled: Settled) -> str:
    """Return what gives the same answers as what was taken, or ""."""
    if not settled.equals:
        return ""
    different = different_parts(settled.equals[0], settled.reading, settled.foreign)
    if len(settled.equals) == 1:
        return f"{different} gives the same answers"
    return f"{different} and {counted(len(settled.equals) - 1, 'other choice')} give the same answers"


def output_text(settled: Settled) -> str:
    """Return what is assumed of the output function, or ""."""
    if settled.foreign.raw_scores:
        return "it answers scores, and the softmax is ours"
    return "softmax assumed; sigmoid gives the same order" if settled.output_assumed else ""
