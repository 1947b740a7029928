"""Views drawn in the browser by vis-network: the pyvis engine and the canvas engine."""
