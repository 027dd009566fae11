"""Every statement that linkreach sends to Neo4j, one per file; this package holds no Python."""
