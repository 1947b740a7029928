"""Files for other tools: RDF, tables and networks."""
