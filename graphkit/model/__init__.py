"""The types, names, dates, vocabulary, workspace and errors that every other package uses."""
