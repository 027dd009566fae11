"""Arrays and frames in, frames out: the report registry, its measures and the files it writes."""
