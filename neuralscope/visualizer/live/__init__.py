"""A training beside a window: its setup, its start, its steps on a thread or in a process."""
