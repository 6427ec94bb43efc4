"""What the screen says of a network from elsewhere: whose it is, and what of how it was fed is folded into it."""

from neuralscope.formatting import to_figures
from neuralscope.network.inputs import PLAIN_SCALE

OURS_NOTE = "the softmax is ours: the file's network answers the scores"


def origin_wordings(metadata):
    """Return of a network from elsewhere wordings, longest first, of its file and of how it was fed; () of ours."""
    origin = metadata.get("origin")
    if not origin:
        return ()
    name, folded = f"yours: {origin['file']}", folded_text(metadata.get("inputs", {}))
    return (f"{name}; {folded}, folded in", f"{name}; {folded}", name) if folded else (name,)


def folded_text(inputs):
    """Return what was folded into the first layer; "" where nothing was."""
    scale = inputs.get("scale", PLAIN_SCALE)
    if "mean" in inputs and "deviation" in inputs:
        fed = f"inputs by mean {to_figures(inputs['mean'], 4)} and deviation {to_figures(inputs['deviation'], 4)}"
    elif scale == PLAIN_SCALE:
        fed = ""
    else:
        fed = f"inputs {scale}"
    return " and ".join(filter(None, (fed, "transposed pictures" * bool(inputs.get("transposed")))))


def answers_scores(session):
    """Return whether the network shown is a file's from elsewhere that answers scores, with a softmax of ours."""
    return bool(session.model.metadata.get("origin", {}).get("raw_scores")) and not session.shows_live_network


def origin_facts(session):
    """Return ``(what, words)`` pairs about where the file's network is from, and what was assumed of it."""
    metadata = session.model.metadata
    wordings = origin_wordings(metadata)
    if not wordings:
        return []
    facts = [("from elsewhere", f"{metadata['origin']['file']}, {metadata['origin']['format']}")]
    facts += [("" if number else "read as", sentence) for number, sentence in enumerate(session.model.assumed)]
    if len(wordings) > 1:
        facts += [("folded in", folded_text(metadata["inputs"])),
                  ("", "fine-tuning (l) moves the weights as they are shown")]
    return facts
