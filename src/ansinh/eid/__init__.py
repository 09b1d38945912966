"""What the national e-ID app is told and pushed about the citizens who signed in to it."""
