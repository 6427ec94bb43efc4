"""Samples as columns, as in Ng's course: W (out, in), b (n, 1), Y one-hot (classes, m), and caches of A and Z."""

import numpy as np


def make(mistake="", activation="sigmoid", output="softmax", loss_name="cross-entropy", decay=0.0, dropout=0.0,
         rate=0.5):
    """Return the functions of a network with one mistake in it."""
    def sigmoid(Z):
        return 1 / (1 + np.exp(-Z))

    def softmax(Z):
        if mistake == "overflow":
            return np.exp(Z) / np.sum(np.exp(Z), axis=0)
        axis = 1 if mistake == "softmax over the samples" else 0
        E = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
        return E / np.sum(E, axis=axis, keepdims=True)

    g = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda Z: Z * (Z > 0)}[activation]
    g_out = {"sigmoid": sigmoid, "softmax": softmax, "identity": lambda Z: Z}[output]

    def g_prime(Z):
        A = g(Z)
        if mistake == "no slope":
            return np.ones_like(Z)
        if mistake == "slope 1 - a":
            return 1 - A
        if mistake == "slope of the output":
            Z = A
            A = g(A)
        if mistake == "slope of the sum":
            A = Z
        if mistake == "relu turned":
            return Z <= 0
        if activation == "relu":
            return Z > 0
        slope = A * (1 - A) if activation == "sigmoid" else 1 - np.power(A, 2)
        return slope * slope if mistake == "slope twice" else slope

    def propagate(parameters, X):
        L = len(parameters) // 2
        cache = {"A0": X}
        for l in range(1, L):
            W, b = parameters["W" + str(l)], parameters["b" + str(l)]
            Z = np.dot(W, cache["A" + str(l - 1)]) + b
            A = g(Z)
            if mistake == "late bias":
                A = g(np.dot(W, cache["A" + str(l - 1)])) + b
            if mistake == "exchanged activations":
                A = softmax(Z)
            D = np.ones(A.shape)
            if dropout:
                D = np.random.rand(A.shape[0], A.shape[1]) < 1 - dropout
                D = D / (1 - dropout)
            cache["Z" + str(l)], cache["A" + str(l)], cache["D" + str(l)] = Z, A * D, D
        Z = np.dot(parameters["W" + str(L)], cache["A" + str(L - 1)]) + parameters["b" + str(L)]
        cache["AL"] = g_out(Z)
        return cache

    def forward(parameters, X):
        return propagate(parameters, X)["AL"]

    def cost(AL, Y):
        m = Y.shape[1]
        if loss_name == "cross-entropy":
            return -np.sum(Y * np.log(AL)) / m
        if loss_name == "mean squared error":
            return np.square(AL - Y).mean()
        if loss_name == "half squared error":
            return np.square(AL - Y).sum() / (2 * m)
        return np.sum(-Y * np.log(AL) - (1 - Y) * np.log(1 - AL)) / m

    def cost_with_decay(AL, Y, parameters):
        squares = [np.sum(np.square(W)) for name, W in parameters.items() if name.startswith("W")]
        return cost(AL, Y) + decay / 2 * sum(squares)

    def start_backward(AL, Y):
        m = Y.shape[1]
        if mistake == "labels one up":
            Y = np.roll(Y, 1, axis=0)
        if mistake == "labels one down":
            Y = np.roll(Y, -1, axis=0)
        dZ = Y - AL if mistake == "sign" else AL - Y
        if "squared" in loss_name and output == "sigmoid" and mistake != "no output slope":
            dZ = dZ * AL * (1 - AL)
        if loss_name == "mean squared error":
            dZ = dZ * (1 if mistake == "factor 1/2" else 2)
            dZ = dZ / (1 if mistake == "summed over classes" else Y.shape[0])
        if mistake == "factor 2":
            dZ = 2 * dZ
        if mistake == "extra output slope":
            dZ = dZ * AL * (1 - AL)
        if mistake == "squared error's delta":
            dZ = AL * dZ - AL * np.sum(AL * dZ, axis=0)
        scale = {"summed over batch": 1, "batch twice": 1 / m / m}.get(mistake, 1 / m)
        return dZ * scale

    def gradients(parameters, X, Y):
        cache = propagate(parameters, X)
        L, m = len(parameters) // 2, X.shape[1]
        dZ = start_backward(cache["AL"], Y)
        grads = {}
        for l in reversed(range(1, L + 1)):
            W, A_prev = parameters["W" + str(l)], cache["A" + str(l - 1)]
            if mistake == "sums as inputs" and l > 1:
                A_prev = cache["Z" + str(l - 1)]
            dW, db = np.dot(dZ, A_prev.T), np.sum(dZ, axis=1, keepdims=True)
            if mistake == "last sample":
                dW, db = np.dot(dZ[:, -1:], A_prev[:, -1:].T), dZ[:, -1:]
            if mistake == "bias over wrong axis":
                db = np.sum(dZ, axis=0, keepdims=True)
            if mistake == "bias averaged twice":
                db = db / m
            if mistake == "bias left out":
                db = 0 * db
            if decay:
                dW = dW + {"no decay": 0, "decay turned": -decay}.get(mistake, decay) * W
            grads["dW" + str(l)], grads["db" + str(l)] = dW, db
            if l > 1:
                if mistake == "weights of the wrong layer" and l == 2:
                    W = parameters["W1"]
                if mistake == "no transpose" and W.shape[0] == W.shape[1]:
                    W = W.T
                dA = np.dot(W.T, dZ)
                if mistake != "no dropout mask":
                    dA = dA * cache["D" + str(l - 1)]
                dZ = dA * g_prime(cache["Z" + str(l - 1)])
        return grads

    def update(parameters, X, Y):
        L = len(parameters) // 2
        if mistake == "weights updated first":
            cache = propagate(parameters, X)
            dZ = start_backward(cache["AL"], Y)
            for l in reversed(range(1, L + 1)):
                parameters["W" + str(l)] = parameters["W" + str(l)] - rate * np.dot(dZ, cache["A" + str(l - 1)].T)
                parameters["b" + str(l)] = parameters["b" + str(l)] - rate * np.sum(dZ, axis=1, keepdims=True)
                if l > 1:
                    dZ = np.dot(parameters["W" + str(l)].T, dZ) * g_prime(cache["Z" + str(l - 1)])
            return parameters
        grads = gradients(parameters, X, Y)
        return {name: parameters[name] - rate * grads["d" + name] for name in parameters}

    return forward, cost_with_decay if decay else cost, gradients, update


def start(sizes, rng):
    """Return random parameters of a network of these sizes."""
    parameters = {}
    for l in range(1, len(sizes)):
        parameters["W" + str(l)] = rng.normal(size=(sizes[l], sizes[l - 1])) * np.sqrt(1 / sizes[l - 1])
        parameters["b" + str(l)] = rng.normal(size=(sizes[l], 1)) * 0.1
    return parameters


def data(x, labels):
    """Return inputs and one-hot labels as this style has them."""
    return x.T, np.eye(labels.max() + 1)[labels].T
