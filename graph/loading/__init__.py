"""From rows of text to the graph: cells are read, rows are checked, and written batch by batch or by an import."""
