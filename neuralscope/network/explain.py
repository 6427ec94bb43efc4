"""Exact accounts of one decision: figures that add up to the one they explain."""


def pushes(network, trace, chosen):
    """Return what each neuron of the last hidden layer adds to the logit of class ``chosen``: ``(neurons,)``.

    Activation times outgoing weight, for the first image of ``trace``; with the output's bias they sum to the logit
    (direct logit attribution). Without a hidden layer the neurons are the input pixels.
    """
    inputs = trace.activations[-2] if len(network.layers) > 1 else trace.images
    return inputs[0] * network.layers[-1].weights[:, chosen]
