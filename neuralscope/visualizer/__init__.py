"""The window on a network: what it shows, with which keys, in which colours."""
