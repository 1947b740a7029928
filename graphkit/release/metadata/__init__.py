"""The descriptions in a release, for catalogues, repositories and readers."""
