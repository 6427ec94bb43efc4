"""The colours of the window as a style sheet, so that there is no second list of them: a page follows the reader's
own setting, dark or light."""

from dataclasses import fields
from functools import cache

from neuralscope.visualizer.drawing.theme import THEMES

COLORMAP_NAMES = "ink", "activations", "signed"


def page_colors(theme):
    """Return a theme's colours for what stands around its window, by role."""
    return {name: getattr(theme, name) for name in ("background", "panel", "text", "muted", "accent")}


@cache
def theme_css():
    """Return custom properties of CSS: each role's colour, and each colormap's colours from its low end up."""
    dark, light = (theme_properties(THEMES[name]) for name in ("dark", "light"))
    return (f":root {{ color-scheme: dark; {dark} }}\n"
            f"@media (prefers-color-scheme: light) {{ :root {{ color-scheme: light; {light} }} }}\n")


def theme_properties(theme):
    """Return one theme's properties."""
    roles = [(field.name, getattr(theme, field.name)) for field in fields(theme) if field.type is str]
    maps = [
        (f"map-{name}", ", ".join(f"#{bytes(row[:3]).hex()}" for row in getattr(theme, name)))
        for name in COLORMAP_NAMES
    ]
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in roles + maps)
