"""What the portal's templates can do besides Django's own."""
