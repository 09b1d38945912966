"""Partners of the face: the gateway."""
