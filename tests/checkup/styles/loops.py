"""Loops over the samples, as in Nielsen's book: a list of weights (out, in) and biases (n, 1), a sample at a time."""

from itertools import pairwise

import numpy as np


def make(mistake="", activation="sigmoid", output="softmax", loss_name="cross-entropy", decay=0.0, dropout=0.0,
         rate=0.5):
    """Return the functions of a network with one mistake in it."""
    def squash(z):
        if activation == "sigmoid":
            return 1.0 / (1.0 + np.exp(-z))
        return np.tanh(z) if activation == "tanh" else np.where(z > 0, z, 0)

    def squash_prime(z):
        if mistake == "no slope":
            return 1
        if mistake == "slope 1 - a":
            return 1 - squash(z)
        if mistake == "relu turned":
            return np.where(z > 0, 0, 1)
        if activation == "relu":
            return np.where(z > 0, 1, 0)
        a = squash(squash(z)) if mistake == "slope of the output" else z if mistake == "slope of the sum" else squash(z)
        prime = a * (1 - a) if activation == "sigmoid" else 1 - a * a
        return prime**2 if mistake == "slope twice" else prime

    def answer(z):
        if output == "sigmoid":
            return 1.0 / (1.0 + np.exp(-z))
        if output == "identity":
            return z
        e = np.exp(z) if mistake == "overflow" else np.exp(z - z.max())
        return e / e.sum()

    def feed(params, x):
        weights, biases = params[0::2], params[1::2]
        a, zs, activations, masks = x.reshape(-1, 1), [], [x.reshape(-1, 1)], []
        for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
            z = w @ a + b
            zs.append(z)
            last = i == len(weights) - 1
            a = answer(z) if last else squash(z)
            if not last and mistake == "late bias":
                a = squash(w @ a_before(activations) + b * 0) + b
            if not last and mistake == "exchanged activations":
                a = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
            masks.append(np.ones_like(a))
            if dropout and not last:
                masks[-1] = np.random.binomial(1, 1 - dropout, size=a.shape) / (1 - dropout)
                a = a * masks[-1]
            activations.append(a)
        return zs, activations, masks

    def a_before(activations):
        return activations[-1]

    def forward(params, xs):
        outputs = np.array([feed(params, x)[1][-1].ravel() for x in xs])
        if mistake == "softmax over the samples":
            scores = np.array([feed(params, x)[0][-1].ravel() for x in xs])
            outputs = np.exp(scores - scores.max(axis=0))
            outputs = outputs / outputs.sum(axis=0)
        return outputs

    def target(label, classes):
        t = np.zeros((classes, 1))
        if mistake == "labels one up":
            label = (label + 1) % classes
        if mistake == "labels one down":
            label = label - 1
        t[label] = 1.0
        return t

    def loss(outputs, labels):
        total = 0.0
        for p, label in zip(outputs, labels, strict=True):
            t = np.zeros(len(p))
            t[label] = 1
            if loss_name == "cross-entropy":
                total += -np.log(p[label])
            elif loss_name == "mean squared error":
                total += ((p - t)**2).mean()
            elif loss_name == "half squared error":
                total += 0.5 * np.linalg.norm(p - t)**2
            else:
                total += -(t * np.log(p) + (1 - t) * np.log(1 - p)).sum()
        return total / len(labels)

    def loss_with_decay(outputs, labels, params):
        return loss(outputs, labels) + 0.5 * decay * sum(np.linalg.norm(w)**2 for w in params[0::2])

    def cost_derivative(p, t):
        d = p - t
        if loss_name == "mean squared error":
            d = d if mistake == "factor 1/2" else 2 * d
            d = d if mistake == "summed over classes" else d / len(p)
        if "squared" in loss_name and output == "sigmoid" and mistake != "no output slope":
            d = d * p * (1 - p)
        if mistake == "extra output slope":
            d = d * p * (1 - p)
        if mistake == "squared error's delta":
            d = (np.diag(p.ravel()) - p @ p.T) @ d
        if mistake == "factor 2":
            d = d * 2
        return -d if mistake == "sign" else d

    def backprop(params, x, label):
        weights = params[0::2]
        zs, activations, masks = feed(params, x)
        nabla = [None] * len(params)
        delta = cost_derivative(activations[-1], target(label, len(activations[-1])))
        for i in range(len(weights) - 1, -1, -1):
            below = zs[i - 1] if mistake == "sums as inputs" and i > 0 else activations[i]
            nabla[2 * i], nabla[2 * i + 1] = delta @ below.T, delta
            if mistake == "bias over wrong axis":
                nabla[2 * i + 1] = np.full_like(delta, delta.sum())
            if i > 0:
                w = weights[0] if mistake == "weights of the wrong layer" and i == 1 else weights[i]
                error = w @ delta if mistake == "no transpose" and w.shape[0] == w.shape[1] else w.T @ delta
                if mistake != "no dropout mask":
                    error = error * masks[i - 1]
                delta = error * squash_prime(zs[i - 1])
        return nabla

    def gradients(params, xs, labels):
        total = [np.zeros_like(p) for p in params]
        for x, label in zip(xs, labels, strict=True):
            for i, nabla in enumerate(backprop(params, x, label)):
                if mistake == "last sample":
                    total[i] = nabla
                else:
                    total[i] += nabla
        n = len(xs)
        if mistake != "summed over batch":
            total = [each / n for each in total]
        if mistake == "batch twice":
            total = [each / n for each in total]
        if mistake == "bias averaged twice":
            total[1::2] = [each / n for each in total[1::2]]
        if mistake == "bias left out":
            total[1::2] = [np.zeros_like(each) for each in total[1::2]]
        for i in range(0, len(params), 2):
            if decay and mistake != "no decay":
                total[i] = total[i] - decay * params[i] if mistake == "decay turned" else total[i] + decay * params[i]
        return total

    def train_step(params, xs, labels):
        if mistake != "weights updated first":
            for p, nabla in zip(params, gradients(params, xs, labels), strict=True):
                p -= rate * nabla
            return
        passes = [feed(params, x) for x in xs]
        deltas = [cost_derivative(a[-1], target(y, len(a[-1]))) for (_, a, _), y in zip(passes, labels, strict=True)]
        for i in range(len(params) // 2 - 1, -1, -1):
            params[2 * i] -= rate / len(xs) * sum(d @ a[i].T for d, (_, a, _) in zip(deltas, passes, strict=True))
            params[2 * i + 1] -= rate / len(xs) * sum(deltas)
            if i > 0:
                deltas = [params[2 * i].T @ d * squash_prime(zs[i - 1])
                          for d, (zs, _, _) in zip(deltas, passes, strict=True)]

    return forward, loss_with_decay if decay else loss, gradients, train_step


def start(sizes, rng):
    """Return random parameters of a network of these sizes."""
    params = []
    for inputs, outputs in pairwise(sizes):
        params += [rng.normal(size=(outputs, inputs)) / np.sqrt(inputs), rng.normal(size=(outputs, 1)) * 0.1]
    return params


def data(x, labels):
    """Return inputs and labels as this style has them."""
    return x, labels
