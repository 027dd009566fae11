"""Every way in: the command line, the service, and the settings of both."""
