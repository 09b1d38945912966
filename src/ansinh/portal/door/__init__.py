"""The citizens' door: in with the national e-ID, out again, and who is inside."""
