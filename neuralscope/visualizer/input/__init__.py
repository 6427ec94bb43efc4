"""Keys, prompts, the focus and the mouse; no Matplotlib."""
