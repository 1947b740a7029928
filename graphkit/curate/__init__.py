"""Tools for curators: capture pages, import tables, find duplicate entities, find passages worth coding."""
