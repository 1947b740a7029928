"""SPARQL 1.1 endpoints on other machines: queries over HTTP, and publishing a build."""
