"""A stand-in for the national e-ID app on a telephone: what it pulls of a citizen and shows, and what it hears of changes."""
