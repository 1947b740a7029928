"""The page of the svg engine, and the parts that all pages share."""
