"""Artists that know no network: surface, theme, text, heatmaps, shapes, scales, projection, layout."""
