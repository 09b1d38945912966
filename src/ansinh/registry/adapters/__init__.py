"""Partners of the room, one file each."""
