"""Programs that measure and print a table: ``python -m benchmarks.NAME``."""
