"""The graph as arrays: the tables, how they are filled from Neo4j, and the fingerprint of a network."""
