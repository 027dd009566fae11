"""The only code that knows Neo4j: the model, named queries, the embedded server, sources, loading and rule packs."""
