"""Where life events meet offices over the wire."""
