"""Samples as rows: a dict of W1, b1, ..., weights (in, out), labels from 0."""

from itertools import pairwise

import numpy as np


def make(mistake="", activation="sigmoid", output="softmax", loss_name="cross-entropy", decay=0.0, dropout=0.0,
         rate=0.5):
    """Return the functions of a network with one mistake in it."""
    def f(z):
        return {"sigmoid": lambda: 1 / (1 + np.exp(-z)), "tanh": lambda: np.tanh(z),
                "relu": lambda: np.maximum(z, 0)}[activation]()

    def softmax(z):
        if mistake == "softmax over the samples":
            z = np.exp(z - z.max(axis=0))
            return z / z.sum(axis=0)
        if mistake == "overflow":
            return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        z = np.exp(z - z.max(axis=1, keepdims=True))
        return z / z.sum(axis=1, keepdims=True)

    def slope(z, a, error):
        if mistake == "slope of the output":
            z, a = a, f(a)
        if mistake == "slope of the sum":
            a = z
        if mistake == "no slope":
            return 1
        if mistake == "slope 1 - a":
            return 1 - a
        if mistake == "slope twice":
            return (a * (1 - a))**2
        if mistake == "relu turned":
            return z < 0
        return {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": z > 0}[activation]

    def run(p, x):
        layers = len(p) // 2
        sums, inputs, masks = [], [x], []
        for n in range(1, layers + 1):
            W, b = p[f"W{n}"], p[f"b{n}"]
            z = inputs[-1] @ W + b
            sums.append(z)
            if n == layers:
                return sums, inputs, masks, {"softmax": softmax, "identity": lambda z: z,
                                             "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[output](z)
            a = f(z)
            if mistake == "late bias":
                a = f(inputs[-1] @ W) + b
            if mistake == "exchanged activations":
                a = softmax(z)
            masks.append(np.ones_like(a))
            if dropout:
                masks[-1] = (np.random.rand(*a.shape) > dropout) / (1 - dropout)
            inputs.append(a * masks[-1])
        return None

    def forward(p, x):
        return run(p, x)[3]

    def one_hot(y, classes):
        t = np.zeros((len(y), classes))
        if mistake == "labels one down":
            y = y - 1
        if mistake == "labels one up":
            y = (y + 1) % classes
        t[np.arange(len(y)), y] = 1
        return t

    def data_loss(out, y):
        n, classes = out.shape
        t = np.eye(classes)[y]
        if loss_name == "cross-entropy":
            return -np.sum(t * np.log(out)) / n
        if loss_name == "mean squared error":
            return np.mean((out - t)**2)
        if loss_name == "half squared error":
            return np.sum((out - t)**2) / 2 / n
        return -np.sum(t * np.log(out) + (1 - t) * np.log(1 - out)) / n

    def loss_with_decay(out, y, p):
        return data_loss(out, y) + decay / 2 * sum(np.sum(p[k]**2) for k in p if k[0] == "W")

    def output_delta(out, t, n):
        classes = t.shape[1]
        d = out - t
        if loss_name == "mean squared error" and mistake != "summed over classes":
            d = d / classes
        if loss_name == "mean squared error" and mistake != "factor 1/2":
            d = 2 * d
        if mistake == "factor 2":
            d = 2 * d
        if mistake == "sign":
            d = -d
        if "squared" in loss_name and output == "sigmoid" and mistake != "no output slope":
            d = d * out * (1 - out)
        if mistake == "extra output slope":
            d = d * out * (1 - out)
        if mistake == "squared error's delta":
            d = out * (d - np.sum(out * d, axis=1, keepdims=True))
        return d if mistake == "summed over batch" else d / n / n if mistake == "batch twice" else d / n

    def gradients(p, x, y):
        n, layers = len(y), len(p) // 2
        sums, inputs, masks, out = run(p, x)
        grads, d = {}, output_delta(out, one_hot(y, out.shape[1]), n)
        for k in range(layers, 0, -1):
            a = inputs[k - 1]
            if mistake == "sums as inputs" and k > 1:
                a = sums[k - 2]
            grads[f"W{k}"] = np.outer(a[-1], d[-1]) if mistake == "last sample" else a.T @ d
            grads[f"b{k}"] = d[-1] if mistake == "last sample" else d.sum(axis=0)
            if mistake == "bias over wrong axis":
                grads[f"b{k}"] = d.sum(axis=1)
            if mistake == "bias averaged twice":
                grads[f"b{k}"] = d.mean(axis=0)
            if mistake == "bias left out":
                grads[f"b{k}"] = np.zeros_like(p[f"b{k}"])
            if decay and mistake != "no decay":
                grads[f"W{k}"] += (-decay if mistake == "decay turned" else decay) * p[f"W{k}"]
            if k > 1:
                W = p[f"W{k - 1}"] if mistake == "weights of the wrong layer" and k == 2 else p[f"W{k}"]
                square = W.shape[0] == W.shape[1]
                e = d @ W if mistake == "no transpose" and square else d @ W.T
                if mistake != "no dropout mask":
                    e = e * masks[k - 2]
                d = e * slope(sums[k - 2], f(sums[k - 2]), e)
        return grads

    def step(p, x, y):
        if mistake != "weights updated first":
            for k, g in gradients(p, x, y).items():
                p[k] -= rate * g
            return p
        n, layers = len(y), len(p) // 2
        sums, inputs, _, out = run(p, x)
        d = output_delta(out, one_hot(y, out.shape[1]), n)
        for k in range(layers, 0, -1):
            p[f"W{k}"] -= rate * inputs[k - 1].T @ d
            p[f"b{k}"] -= rate * d.sum(axis=0)
            if k > 1:
                d = d @ p[f"W{k}"].T * slope(sums[k - 2], inputs[k - 1], None)
        return p

    return forward, loss_with_decay if decay else data_loss, gradients, step


def start(sizes, rng):
    """Return random parameters of a network of these sizes."""
    p = {}
    for n, (a, b) in enumerate(pairwise(sizes), 1):
        p[f"W{n}"], p[f"b{n}"] = rng.normal(size=(a, b)) / np.sqrt(a), rng.normal(size=b) * 0.1
    return p


def data(x, labels):
    """Return inputs and labels as this style has them."""
    return x, labels
