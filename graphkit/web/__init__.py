"""HTML: a page for each entity and statement, the static site, the query page and the server."""
