"""Passages worth coding, with their evidence, for a person who decides what they say."""
