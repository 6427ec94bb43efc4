"""From pixels to the answer in five steps, and back by backprop, each formula with this digit's numbers."""
