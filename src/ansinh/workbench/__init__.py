"""The officers' face: what waits for whom, people with a purpose, decisions by two."""
