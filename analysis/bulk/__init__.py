"""The bulk engine: everybody's reach at once, exact, in rows of bits (docs/engine.md explains how)."""
