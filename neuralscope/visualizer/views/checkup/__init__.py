"""The check-up: what is wrong with the network shown, a line a check, with its evidence."""
