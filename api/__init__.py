"""Every way in: the command line and its settings."""
