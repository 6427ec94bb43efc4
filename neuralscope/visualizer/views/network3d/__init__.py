"""The network in three dimensions."""
