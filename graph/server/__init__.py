"""The embedded server: a real Neo4j that linkreach fetches, starts, backs up and stops."""
