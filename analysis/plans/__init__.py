"""Outreach plans: whom each of some senders should contact, and what should be bought or done before."""
