"""Partners we simulate, on the far side of the wire. They share contracts with the platform and no code."""
