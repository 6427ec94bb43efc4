"""The check-up of code that a person wrote: their functions are called, measured, and their mistakes named."""
