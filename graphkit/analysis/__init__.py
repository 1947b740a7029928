"""Statements, disputes, explanations and networks, read from a store."""
