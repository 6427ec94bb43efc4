"""The window: what keys and mouse do, what is done between events, and what is saved of it."""
