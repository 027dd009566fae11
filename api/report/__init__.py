"""Reports for people to read: what they find in sentences, and the page to send (docs/how-to/send.md)."""
