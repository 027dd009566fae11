"""The tools of an assistant: the Model Context Protocol on standard input and output (docs/how-to/assistant.md)."""
