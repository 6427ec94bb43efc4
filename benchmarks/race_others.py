"""JAX, tinygrad and a loop in C in the race, all with the recipe."""

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.race_contestants import MOMENTUM_RATE, Contestant

OPENBLAS_NAMES = {"scipy_cblas_sgemm64_": "long long", "cblas_sgemm64_": "long long", "cblas_sgemm": "int"}
SOURCE = Path(__file__).with_name("race_loop.c")


class Jax(Contestant):
    """JAX: half an epoch is one compiled scan over its batches; parameters and velocities are one tree."""

    package, install = "jax", "pip install jax"

    def __init__(self, train, test, seed):
        import jax

        super().__init__(train, test, seed)
        self.jax = jax
        self.images, self.labels = jax.device_put(train.images), jax.device_put(train.labels.astype(np.int32))
        self.test_images = jax.device_put(test.images)

    def loss(self, parameters, images, labels):
        """Return the mean cross-entropy."""
        log_outputs = self.jax.nn.log_softmax(self.logits(parameters, images))
        return -self.jax.numpy.take_along_axis(log_outputs, labels[:, None], 1).mean()

    def logits(self, parameters, images):
        """Return what the last layer says to these images."""
        first, biases, second, last_biases = parameters
        return self.jax.nn.relu(images @ first + biases) @ second + last_biases

    def functional_step(self, state, batch, images, labels):
        """Return parameters and velocities after a step: what ``lax.scan`` takes."""
        (parameters, velocities), (rows, rate) = state, batch
        gradients = self.jax.grad(self.loss)(parameters, images[rows], labels[rows])
        velocities = [MOMENTUM_RATE * velocity - rate * gradient
                      for velocity, gradient in zip(velocities, gradients, strict=True)]
        return ([array + velocity for array, velocity in zip(parameters, velocities, strict=True)], velocities), None

    def make_ready(self):
        """Compile the scans of both halves and the judge, by learning an epoch that is forgotten."""
        def scan(state, rows, rates, images, labels):
            return self.jax.lax.scan(lambda state, batch: self.functional_step(state, batch, images, labels),
                                     state, (rows, rates))[0]

        self.scan = self.jax.jit(scan, donate_argnums=0)
        self.judge = self.jax.jit(lambda parameters, images: self.logits(parameters, images).argmax(1))
        self.start()
        self.learn_half()
        self.learn_half()
        self.accuracy()
        self.forget()

    def start(self):
        """Make parameters and velocities."""
        parameters = [self.jax.device_put(array) for array in self.he_parameters()]
        self.state = parameters, [self.jax.numpy.zeros_like(array) for array in parameters]

    def learn_half(self):
        """Learn the next half; the last, smaller batch is a scan of its own."""
        batches = [(rows, np.float32(self.recipe_rate())) for rows in self.half_batches()]
        whole = [batch for batch in batches if len(batch[0]) == self.batch_size]
        for part in (whole, batches[len(whole):]):
            if part:
                rows, rates = map(np.stack, zip(*part, strict=True))
                self.state = self.scan(self.state, rows, rates, self.images, self.labels)
        self.jax.block_until_ready(self.state)
        self.halves += 1

    def accuracy(self):
        """Return the share read rightly."""
        return float((np.asarray(self.judge(self.state[0], self.test_images)) == self.test.labels).mean())


class Tinygrad(Contestant):
    """tinygrad: a compiled step; the last, smaller batch of an epoch is left out."""

    package, install = "tinygrad", "pip install tinygrad"

    @classmethod
    def missing(cls):
        """Return why it cannot take part, or ""; on a processor it compiles with clang."""
        return super().missing() or ("" if shutil.which("clang") else "not measured: it needs clang")

    def __init__(self, train, test, seed):
        import tinygrad

        super().__init__(train, test, seed)
        self.tinygrad, self.tensor = tinygrad, tinygrad.Tensor

    def make_ready(self):
        """Compile: the first batch runs plainly, the second is captured, the third is the first to run so.

        What is compiled is kept on the disk, so that another compilation of it, at the start, is quick.
        """
        self.start()
        for _ in range(3):
            self.step(np.arange(self.batch_size))
        self.forget()

    def start(self):
        """Make parameters and optimizer."""
        self.parameters = [self.tensor(array, requires_grad=True) for array in self.he_parameters()]
        self.optimizer = self.tinygrad.nn.optim.SGD(self.parameters, lr=0.0, momentum=MOMENTUM_RATE)
        self.jit_step = self.tinygrad.TinyJit(self.plain_step)

    def plain_step(self, images, labels):
        """Learn these images."""
        with self.tensor.train():
            self.optimizer.zero_grad()
            self.logits(images).sparse_categorical_crossentropy(labels).backward()
            self.optimizer.step()

    def logits(self, images):
        """Return what the last layer says to these images."""
        first, biases, second, last_biases = self.parameters
        return (images @ first + biases).relu() @ second + last_biases

    def step(self, rows):
        """Learn one batch, gathered by NumPy."""
        if len(rows) == self.batch_size:
            self.optimizer.lr.assign(self.tensor([self.recipe_rate()])).realize()
            self.jit_step(self.tensor(self.train.images[rows]).realize(),
                          self.tensor(self.train.labels[rows].astype(np.int32)).realize())

    def accuracy(self):
        """Return the share read rightly."""
        answers = self.logits(self.tensor(self.test.images)).argmax(1).numpy()
        return float((answers == self.test.labels).mean())


class CLoop(Contestant):
    """A loop in C with the recipe, compiled by ``cc`` for this processor; its products are OpenBLAS's."""

    @classmethod
    def missing(cls):
        """Return why it cannot take part, or ""."""
        if not shutil.which("cc"):
            return "not measured: there is no cc"
        return "" if find_sgemm() else "not measured: NumPy is not built with OpenBLAS"

    def __init__(self, train, test, seed):
        super().__init__(train, test, seed)
        self.images, self.test_images = train.images, test.images

    def make_ready(self):
        """Compile the loop and load it."""
        self.sgemm, integer = find_sgemm()
        with tempfile.TemporaryDirectory(prefix="neuralscope-") as folder:
            library = os.path.join(folder, "race_loop.so")
            subprocess.run(["cc", "-O3", "-march=native", "-shared", "-fPIC",
                            f"-DBLAS_INTEGER={integer}", "-o", library, SOURCE, "-lm"], check=True)
            self.library = ctypes.CDLL(library)

    def start(self):
        """Make parameters, velocities and the arrays that a step writes to: one row each."""
        self.parameters = self.he_parameters()
        self.values = np.concatenate([array.ravel() for array in self.parameters])
        self.velocities = np.zeros_like(self.values)
        inputs, hidden, outputs = self.sizes
        self.room = np.empty(len(self.values) + self.batch_size * (inputs + 2 * hidden + outputs), np.float32)

    def step(self, rows):
        """Learn one batch."""
        arrays = (self.images, self.train.labels, rows, self.values, self.velocities, self.room)
        self.library.learn_batch(ctypes.cast(self.sgemm, ctypes.c_void_p),
                                 *(ctypes.c_void_p(array.ctypes.data) for array in arrays),
                                 *map(ctypes.c_long, (len(rows), *self.sizes)), ctypes.c_float(self.recipe_rate()),
                                 ctypes.c_float(MOMENTUM_RATE))

    def accuracy(self):
        """Return the share read rightly."""
        ends = np.cumsum([array.size for array in self.parameters])[:-1]
        first, biases, second, last_biases = (
            part.reshape(array.shape) for part, array in zip(np.split(self.values, ends), self.parameters, strict=True))
        logits = np.maximum(self.test_images @ first + biases, 0) @ second + last_biases
        return float((logits.argmax(1) == self.test.labels).mean())


def find_sgemm():
    """Return the matrix product of the OpenBLAS that NumPy has loaded and its C type of sizes, or None."""
    import threadpoolctl

    for library in threadpoolctl.threadpool_info():
        if library["internal_api"] == "openblas":
            loaded = ctypes.CDLL(library["filepath"])
            for name, integer in OPENBLAS_NAMES.items():
                if hasattr(loaded, name):
                    return getattr(loaded, name), integer
    return None
