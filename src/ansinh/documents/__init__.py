"""Papers the agency issues, and files it receives: their bytes, kept as they left and as they came."""
