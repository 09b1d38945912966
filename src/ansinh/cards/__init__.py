"""Health-insurance cards, and the standing table hospitals are answered from."""
