"""The curator's YAML files: read, located, checked and written."""
