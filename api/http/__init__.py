"""The query API: the questions of the command line over HTTP, for other programs and for the page."""
