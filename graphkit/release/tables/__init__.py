"""The whole graph as tables: one row for each statement, proposition, entity, source, dispute and their links."""
