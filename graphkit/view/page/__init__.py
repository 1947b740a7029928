"""The self-contained SVG page."""
