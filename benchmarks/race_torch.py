"""PyTorch in the race: as its tutorials have it, with a loader and without, and as good as we can write it."""

from itertools import islice

import numpy as np

from benchmarks.race_contestants import MAX_EPOCHS, MOMENTUM_RATE, Contestant


class TorchUsual(Contestant):
    """PyTorch as its tutorials have it: Adam at 0.001, batches of 64, a module and its cross-entropy; no loader."""

    package, install = "torch", "pip install -e '.[peers]'"
    batch_size, max_epochs = 64, MAX_EPOCHS

    def __init__(self, train, test, seed):
        import torch

        super().__init__(train, test, seed)
        self.torch = torch
        self.images, self.labels = torch.from_numpy(train.images), torch.from_numpy(train.labels)
        self.test_images, self.test_labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)

    def make_ready(self):
        """Learn a batch and forget it: PyTorch imports much of itself at the first one."""
        self.rehearse()

    def start(self):
        """Make the module and its optimizer."""
        nn = self.torch.nn
        self.torch.manual_seed(self.seed)
        inputs, hidden, outputs = self.sizes
        self.model = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
        self.optimizer = self.torch.optim.Adam(self.model.parameters(), lr=0.001)
        self.criterion = nn.CrossEntropyLoss()

    def step(self, rows):
        """Learn one batch."""
        self.learn_batch(self.images[rows], self.labels[rows])

    def learn_batch(self, images, labels):
        """Learn these images."""
        self.optimizer.zero_grad()
        self.criterion(self.model(images), labels).backward()
        self.optimizer.step()

    def accuracy(self):
        """Return the share read rightly."""
        with self.torch.inference_mode():
            return float((self.model(self.test_images).argmax(1) == self.test_labels).float().mean())


class TorchLoader(TorchUsual):
    """The same with a DataLoader, which shuffles and gathers."""

    def start(self):
        """Make the loader too."""
        from torch.utils.data import DataLoader, TensorDataset

        super().start()
        self.loader = DataLoader(TensorDataset(self.images, self.labels), self.batch_size, shuffle=True)

    def learn_half(self):
        """Learn the next half."""
        if self.halves % 2 == 0:
            self.batches = iter(self.loader)
        first, end = self.half_steps()
        for images, labels in islice(self.batches, end - first):
            self.learn_batch(images, labels)
        self.halves += 1


class TorchRecipe(TorchUsual):
    """PyTorch with the recipe: a module and its graph, whole tensors, the fused optimizer."""

    batch_size, max_epochs = Contestant.batch_size, Contestant.max_epochs

    def start(self):
        """Make the module, with the recipe's initial weights and its optimizer."""
        super().start()
        for parameter, array in zip(self.model.parameters(), self.he_parameters(), strict=True):
            parameter.data = self.torch.from_numpy(array.T.copy())
        self.optimizer = self.torch.optim.SGD(self.model.parameters(), self.recipe_rate(), MOMENTUM_RATE, fused=True)

    def step(self, rows):
        """Learn one batch."""
        self.optimizer.param_groups[0]["lr"] = self.recipe_rate()
        super().step(self.torch.from_numpy(rows))


class TorchBest(TorchUsual):
    """PyTorch with the recipe, as good as we can write it: whole tensors, gradients by hand into their places, no
    graph, and the fused optimizer.
    """

    batch_size, max_epochs = Contestant.batch_size, Contestant.max_epochs

    def start(self):
        """Make the parameters, their gradients and the optimizer."""
        torch = self.torch
        self.parameters = [torch.nn.Parameter(torch.from_numpy(array), requires_grad=False)
                           for array in self.he_parameters()]
        for parameter in self.parameters:
            parameter.grad = torch.empty_like(parameter)
        self.targets = torch.eye(self.sizes[-1])[self.labels]
        self.optimizer = torch.optim.SGD(self.parameters, self.recipe_rate(), MOMENTUM_RATE, fused=True)

    def learn_half(self):
        """Learn the next half."""
        with self.torch.no_grad():
            super().learn_half()

    def step(self, rows):
        """Learn one batch."""
        torch, rows = self.torch, self.torch.from_numpy(rows)
        first, biases, second, _ = self.parameters
        images = self.images.index_select(0, rows)
        activations = torch.addmm(biases, images, first).relu_()
        deltas = torch.softmax(self.logits(activations), 1).sub_(self.targets.index_select(0, rows)).div_(len(rows))
        hidden_deltas = torch.mm(deltas, second.t()).mul_(activations > 0)
        for parameter, inputs, outputs in ((0, images, hidden_deltas), (2, activations, deltas)):
            torch.mm(inputs.t(), outputs, out=self.parameters[parameter].grad)
            torch.sum(outputs, 0, out=self.parameters[parameter + 1].grad)
        self.optimizer.param_groups[0]["lr"] = self.recipe_rate()
        self.optimizer.step()

    def logits(self, activations):
        """Return what the last layer makes of these activations."""
        return self.torch.addmm(self.parameters[3], activations, self.parameters[2])

    def model(self, images):
        """Return the logits of these images."""
        return self.logits(self.torch.addmm(self.parameters[1], images, self.parameters[0]).relu_())


class TorchCompiled(TorchBest):
    """PyTorch with the recipe, a whole step compiled by ``torch.compile``: forward, gradients and optimizer."""

    def make_ready(self):
        """Compile the step for whole batches and for the last one."""
        self.compiled = self.torch.compile(self.functional_step, dynamic=False)
        self.start()
        with self.torch.no_grad():
            for count in {self.batch_size, self.count % self.batch_size or self.batch_size}:
                self.step(np.arange(count))
        self.forget()

    def functional_step(self, images, labels, parameters, velocities, rate):
        """Change parameters and velocities by one step."""
        functional = self.torch.nn.functional

        def loss(parameters):
            first, biases, second, last_biases = parameters
            return functional.cross_entropy((images @ first + biases).relu() @ second + last_biases, labels)

        gradients = self.torch.func.grad(loss)(parameters)
        for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
            velocity.mul_(MOMENTUM_RATE).add_(gradient)
            parameter.sub_(rate * velocity)

    def start(self):
        """Make the parameters and the velocities."""
        self.parameters = [self.torch.from_numpy(array) for array in self.he_parameters()]
        self.velocities = [self.torch.zeros_like(array) for array in self.parameters]

    def step(self, rows):
        """Learn one batch."""
        rows = self.torch.from_numpy(rows)
        self.compiled(self.images.index_select(0, rows), self.labels.index_select(0, rows), self.parameters,
                      self.velocities, self.torch.tensor(self.recipe_rate()))
