"""Files for other people's tools: RDF, tables and networks."""
