"""Properties, statements, disputes, explanations and networks, read from a store."""
