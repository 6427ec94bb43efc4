"""Trainings that leave files: the run itself, its checkpoint, snapshots, output, log and lock, and their evaluation."""
