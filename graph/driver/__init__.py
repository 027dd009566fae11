"""How queries reach Neo4j: statements from their files, one synchronous and one asynchronous runner, the schema."""
