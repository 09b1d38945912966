"""What employers declare: read as hostile, decided line by line, applied without rewriting anything."""
