"""Classes of layers, each with forward and backward: parameters are a list of (W, b), biases (1, n), one-hot rows."""

from itertools import pairwise

import numpy as np


class Dense:
    """A layer of weights; it remembers what it was given."""

    def __init__(self, W, b, mistake, decay):
        self.W, self.b, self.mistake, self.decay = W, b, mistake, decay

    def forward(self, x):
        """Return the sums."""
        self.x = x
        self.z = x @ self.W + self.b
        return self.z

    def backward(self, d):
        """Keep the gradients and return the error below."""
        x = self.x
        if self.mistake == "sums as inputs" and hasattr(self, "below"):
            x = self.below.z
        self.dW, self.db = np.dot(x.T, d), np.sum(d, axis=0, keepdims=True)
        if self.mistake == "last sample":
            self.dW, self.db = np.dot(x[-1:].T, d[-1:]), d[-1:]
        if self.mistake == "bias over wrong axis":
            self.db = np.sum(d, axis=1, keepdims=True)
        if self.mistake == "bias averaged twice":
            self.db = np.mean(d, axis=0, keepdims=True)
        if self.mistake == "bias left out":
            self.db = np.zeros_like(self.b)
        if self.decay and self.mistake != "no decay":
            sign = -1 if self.mistake == "decay turned" else 1
            self.dW = self.dW + sign * self.decay * self.W
        W = self.W
        if self.mistake == "weights of the wrong layer" and hasattr(self, "below"):
            W = self.below.W if self.below.W.shape == W.shape else W
        if self.mistake == "no transpose" and W.shape[0] == W.shape[1]:
            return d @ W
        return d @ W.T


class Activation:
    """The function of a hidden layer."""

    def __init__(self, kind, mistake):
        self.kind, self.mistake = kind, mistake

    def value(self, z):
        """Return the activation of sums."""
        if self.mistake == "exchanged activations":
            return Softmax("").forward(z)
        return {"sigmoid": lambda: 1 / (1 + np.exp(-z)), "tanh": lambda: np.tanh(z),
                "relu": lambda: np.clip(z, 0, None)}[self.kind]()

    def forward(self, z):
        """Return the activation of sums, and remember both."""
        self.z, self.a = z, self.value(z)
        return self.a

    def backward(self, d):
        """Return the error by the sums."""
        z, a = self.z, self.a
        if self.mistake == "no slope":
            return d
        if self.mistake == "slope 1 - a":
            return d * (1 - a)
        if self.mistake == "slope of the output":
            z, a = a, self.value(a)
        if self.mistake == "slope of the sum":
            a = z
        if self.mistake == "relu turned":
            return d * (z < 0)
        slope = {"sigmoid": a * (1 - a), "tanh": 1 - a * a, "relu": (z > 0).astype(float)}[self.kind]
        return d * slope * slope if self.mistake == "slope twice" else d * slope


class LateBias:
    """A layer whose bias comes after the activation."""

    def __init__(self, dense, activation):
        self.dense, self.activation = dense, activation

    def forward(self, x):
        """Return the activation of the products, plus the bias."""
        self.dense.x = x
        return self.activation.forward(x @ self.dense.W) + self.dense.b

    def backward(self, d):
        """Return the error below."""
        return self.dense.backward(self.activation.backward(d))


class Dropout:
    """Leaves neurons out."""

    def __init__(self, share, mistake):
        self.share, self.mistake = share, mistake

    def forward(self, x):
        """Return what is kept."""
        self.mask = (np.random.random(x.shape) >= self.share) / (1.0 - self.share)
        return x * self.mask

    def backward(self, d):
        """Return the error of what was kept."""
        return d if self.mistake == "no dropout mask" else d * self.mask


class Softmax:
    """The probabilities."""

    def __init__(self, mistake):
        self.axis = 0 if mistake == "softmax over the samples" else 1
        self.careful = mistake != "overflow"

    def forward(self, z):
        """Return probabilities."""
        e = np.exp(z - np.max(z, axis=self.axis, keepdims=True) if self.careful else z)
        return e / np.sum(e, axis=self.axis, keepdims=True)


class Plain:
    """Sigmoid or identity outputs."""

    def __init__(self, kind):
        self.kind = kind

    def forward(self, z):
        """Return the outputs."""
        return z if self.kind == "identity" else 1 / (1 + np.exp(-z))


class Model:
    """A chain of layers."""

    def __init__(self, parameters, mistake, activation, output, decay, dropout):
        self.denses, self.chain = [], []
        for W, b in parameters:
            dense = Dense(W, b, mistake, decay)
            if self.denses:
                dense.below = self.denses[-1]
            self.denses.append(dense)
            squash = Activation(activation, mistake)
            self.chain += [LateBias(dense, squash)] if mistake == "late bias" else [dense, squash]
            if dropout:
                self.chain.append(Dropout(dropout, mistake))
        while self.chain[-1] is not dense:
            last = self.chain.pop()
            if isinstance(last, LateBias):
                self.chain.append(dense)
        self.output = Softmax(mistake) if output == "softmax" else Plain(output)

    def forward(self, x):
        """Return the outputs."""
        for layer in self.chain:
            x = layer.forward(x)
        return self.output.forward(x)

    def backward(self, d):
        """Let every layer keep its gradients."""
        for layer in reversed(self.chain):
            d = layer.backward(d)
        return [(dense.dW, dense.db) for dense in self.denses]


def make(mistake="", activation="sigmoid", output="softmax", loss_name="cross-entropy", decay=0.0, dropout=0.0,
         rate=0.5):
    """Return the functions of a network with one mistake in it."""
    def model(parameters):
        return Model(parameters, mistake, activation, output, decay, dropout)

    def forward(parameters, x):
        return model(parameters).forward(x)

    def loss(p, t):
        if loss_name == "cross-entropy":
            return np.mean(-np.sum(t * np.log(p + 1e-12), axis=1))
        if loss_name == "mean squared error":
            return np.mean((t - p)**2)
        if loss_name == "half squared error":
            return np.mean(np.sum((t - p)**2, axis=1)) / 2
        return np.mean(np.sum(-t * np.log(p) - (1 - t) * np.log(1 - p), axis=1))

    def loss_with_decay(p, t, parameters):
        return loss(p, t) + decay * sum(np.sum(W * W) for W, b in parameters) / 2

    def loss_gradient(p, t):
        n, classes = t.shape
        t = np.roll(t, {"labels one up": 1, "labels one down": -1}.get(mistake, 0), axis=1)
        d = (p - t) / n
        if mistake == "summed over batch":
            d = d * n
        if mistake == "batch twice":
            d = d / n
        if loss_name == "mean squared error":
            d = d * (1 if mistake == "factor 1/2" else 2) / (1 if mistake == "summed over classes" else classes)
        if mistake == "factor 2":
            d = d * 2
        if mistake == "sign":
            d = -d
        if "squared" in loss_name and output == "sigmoid" and mistake != "no output slope":
            d = d * (p * (1 - p))
        if mistake == "extra output slope":
            d = d * (p * (1 - p))
        if mistake == "squared error's delta":
            jacobians = np.stack([np.diag(row) - np.outer(row, row) for row in p])
            d = np.einsum("nij,nj->ni", jacobians, d)
        return d

    def gradients(parameters, x, t):
        net = model(parameters)
        return net.backward(loss_gradient(net.forward(x), t))

    def step(parameters, x, t):
        net = model(parameters)
        d = loss_gradient(net.forward(x), t)
        if mistake == "weights updated first":
            for layer in reversed(net.chain):
                if isinstance(layer, Dense):
                    dW, db = layer.x.T @ d, d.sum(axis=0, keepdims=True)
                    layer.W -= rate * dW
                    layer.b -= rate * db
                    d = d @ layer.W.T
                else:
                    d = layer.backward(d)
            return [(dense.W, dense.b) for dense in net.denses]
        return [(W - rate * dW, b - rate * db)
                for (W, b), (dW, db) in zip(parameters, net.backward(d), strict=True)]

    return forward, loss_with_decay if decay else loss, gradients, step


def start(sizes, rng):
    """Return random parameters of a network of these sizes."""
    return [(rng.normal(0, 1 / np.sqrt(a), (a, b)), rng.normal(0, 0.1, (1, b)))
            for a, b in pairwise(sizes)]


def data(x, labels):
    """Return inputs and one-hot labels as this style has them."""
    return x, np.eye(labels.max() + 1)[labels]
