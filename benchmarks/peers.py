"""What others would use for the same work: PyTorch, scikit-learn, and the loop of a textbook."""

import numpy as np

from benchmarks.contestants import BATCH_SIZE, CLASS_COUNT, MOMENTUM_RATE, Engine


class PyTorch(Engine):
    """PyTorch on the processor, eager, float32, its data one tensor in memory, its optimizer the fused one."""

    package, install = "torch", "pip install -e '.[peers]'"

    def __init__(self, task):
        import torch

        super().__init__(task)
        options, self.torch = task.options(), torch
        self.images, self.labels = torch.tensor(task.train.images), torch.tensor(task.train.labels)
        self.test_images, self.test_labels = torch.tensor(task.test.images), torch.tensor(task.test.labels)
        torch.manual_seed(0)
        self.model = torch.nn.Sequential(torch.nn.Linear(task.inputs, task.hidden), torch.nn.ReLU(),
                                         torch.nn.Linear(task.hidden, CLASS_COUNT))
        self.optimizer = torch.optim.SGD(self.model.parameters(), options.learning_rate, MOMENTUM_RATE,
                                         weight_decay=options.weight_decay, fused=True)

    def step(self):
        """Learn one batch."""
        rows = self.torch.from_numpy(self.rows())
        self.optimizer.zero_grad()
        self.torch.nn.functional.cross_entropy(self.model(self.images[rows]), self.labels[rows]).backward()
        self.optimizer.step()

    def evaluate(self):
        """Return the share read rightly."""
        with self.torch.inference_mode():
            return float((self.model(self.test_images).argmax(1) == self.test_labels).float().mean())


class ScikitLearn(Engine):
    """scikit-learn's MLPClassifier on float32; ``partial_fit`` shuffles the images of a turn among themselves."""

    package, install = "sklearn", "pip install scikit-learn"

    def __init__(self, task):
        from sklearn.neural_network import MLPClassifier

        super().__init__(task)
        options = task.options()
        self.model = MLPClassifier((task.hidden,), solver="sgd", momentum=MOMENTUM_RATE, nesterovs_momentum=False,
                                   batch_size=BATCH_SIZE, learning_rate_init=options.learning_rate,
                                   alpha=options.weight_decay, max_iter=1, random_state=0)

    def learn(self, batches):
        """Learn this many batches."""
        part = slice(self.position, self.position + batches * BATCH_SIZE)
        self.position = part.stop
        self.model.partial_fit(self.task.train.images[part], self.task.train.labels[part], classes=range(CLASS_COUNT))

    def evaluate(self):
        """Return the share read rightly."""
        return self.model.score(self.task.test.images, self.task.test.labels)


class Textbook(Engine):
    """The loop of a textbook, over whole batches: float64 throughout, and a new array for every operation."""

    def __init__(self, task):
        super().__init__(task)
        self.options = task.options()
        self.images, self.targets = task.train.images.astype(float), np.eye(CLASS_COUNT)[task.train.labels]
        sizes = ((task.inputs, task.hidden), (task.hidden, CLASS_COUNT))
        self.weights = [self.rng.standard_normal(size) * np.sqrt(2 / size[0]) for size in sizes]
        self.biases = [np.zeros(size[1]) for size in sizes]
        self.velocities = [np.zeros_like(array) for array in self.weights + self.biases]

    def step(self):
        """Learn one batch."""
        rows = self.rows()
        images, targets = self.images[rows], self.targets[rows]
        (weights_1, weights_2), (biases_1, biases_2) = self.weights, self.biases
        sums = images @ weights_1 + biases_1
        activations = np.maximum(0, sums)
        logits = activations @ weights_2 + biases_2
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        outputs = powers / powers.sum(axis=1, keepdims=True)
        self.loss = -np.mean(np.sum(targets * np.log(outputs), axis=1))
        delta_2 = (outputs - targets) / len(rows)
        delta_1 = (delta_2 @ weights_2.T) * (sums > 0)
        gradients = [images.T @ delta_1, activations.T @ delta_2, delta_1.sum(axis=0), delta_2.sum(axis=0)]
        rate, decay = self.options.learning_rate, 1 - self.options.learning_rate * self.options.weight_decay
        self.velocities = [MOMENTUM_RATE * velocity - rate * gradient
                           for velocity, gradient in zip(self.velocities, gradients, strict=True)]
        moved = [decay * array + velocity
                 for array, velocity in zip(self.weights + self.biases, self.velocities, strict=True)]
        self.weights, self.biases = moved[:2], moved[2:]
