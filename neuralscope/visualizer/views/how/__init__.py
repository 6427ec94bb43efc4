"""From pixels to the answer in five steps, and back, each formula with this digit's numbers."""
