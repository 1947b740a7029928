"""Discourse networks: projections of coded statements, their windows in time, and measures."""
