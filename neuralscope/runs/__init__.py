"""One training and its files: checkpoint, snapshots, output, log, and what Ctrl-C does to them."""
