"""How an app is reached."""
