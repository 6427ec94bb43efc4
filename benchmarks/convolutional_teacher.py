"""Convolutional networks in PyTorch that teach the record network; only its training needs them."""

import os

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.batches import Batches
from neuralscope.network.optimizers import SCHEDULES

EPOCH_COUNT = 16
BATCH_SIZE = 256
LEARNING_RATE, WEIGHT_DECAY, DROPOUT = 0.002, 0.01, 0.3
WARP_STRENGTH = 1.0  # of the warps; the last epochs take half of it
HALF_STRENGTH_EPOCHS = 3


def import_torch():
    """Return PyTorch; raises InputError where it is missing."""
    try:
        import torch as package
    except ImportError:
        raise InputError("the record's teachers are trained with PyTorch, and it is missing; "
                         "pip install -e '.[peers]'") from None
    package.set_num_threads(1)
    return package


def new_teacher():
    """Return an untrained teacher: five convolutions of 3 x 3, each normalised, and one layer of weights on top."""
    nn = import_torch().nn

    def block(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]

    layers = [*block(1, 16), *block(16, 16), nn.MaxPool2d(2), *block(16, 32), *block(32, 32), nn.MaxPool2d(2),
              *block(32, 64), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(DROPOUT), nn.Linear(64 * 9, 10)]
    return nn.Sequential(*layers).to(memory_format=import_torch().channels_last)


def batch_logits(net, images):
    """Return the logits (batch, 10) of images (batch, 784) as a tensor, computed in bfloat16 where that is faster."""
    package = import_torch()
    pictures = package.from_numpy(images).view(-1, 1, 28, 28).to(memory_format=package.channels_last)
    with package.autocast("cpu", package.bfloat16):
        return net(pictures).float()


def train_teacher(path, images, labels, warp, seed, stop):
    """Train a teacher and write it to ``path``; return whether to the end. It starts anew where it was stopped."""
    package = import_torch()
    package.manual_seed(seed)
    rng, net = np.random.default_rng(seed), new_teacher()
    optimizer = package.optim.AdamW(net.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches, steps = Batches(images, BATCH_SIZE, warp, seed), EPOCH_COUNT * -(-len(labels) // BATCH_SIZE)
    answers, step = package.from_numpy(labels), 0
    for epoch in range(EPOCH_COUNT):
        order, correct = rng.permutation(len(labels)), 0
        batches.start_epoch(
            order, epoch, WARP_STRENGTH if epoch < EPOCH_COUNT - HALF_STRENGTH_EPOCHS else WARP_STRENGTH / 2
        )
        for position in range(0, len(order), BATCH_SIZE):
            if stop():
                return False
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * SCHEDULES["cosine"](step / steps)
            targets = answers[package.from_numpy(order[position:position + BATCH_SIZE])]
            outputs = batch_logits(net, batches.take(position))
            optimizer.zero_grad()
            package.nn.functional.cross_entropy(outputs, targets).backward()
            optimizer.step()
            correct += int((outputs.argmax(1) == targets).sum())
            step += 1
        print(
            f"{path.stem}: epoch {epoch + 1}/{EPOCH_COUNT}, {correct / len(order):.2%} of the warped digits", flush=True
        )
    temporary = path.with_suffix(".tmp")
    package.save(net.state_dict(), temporary)
    os.replace(temporary, path)
    return True


def load_teacher(path):
    """Return the teacher at ``path`` as a function from images (batch, 784) to logits (batch, 10) float32."""
    package, net = import_torch(), new_teacher()
    net.load_state_dict(package.load(path, weights_only=True))
    net.eval()

    def answers(batch):
        with package.no_grad():
            return batch_logits(net, batch).numpy()

    return answers
