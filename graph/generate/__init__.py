"""A network like a real one, from a seed, as native files: for trying things out at any size."""
