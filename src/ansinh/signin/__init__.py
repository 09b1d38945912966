"""People sign in on our screens."""
