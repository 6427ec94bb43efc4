"""What the window looks at: selection, digits seen, snapshots, the user's digit; NumPy only."""
