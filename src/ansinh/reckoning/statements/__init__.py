"""What banks' statements say, and how it is held against our books."""
