"""Ways of asking banks."""
