"""The national e-ID of the invented nation: an OpenID Connect provider of the kind the country runs, as a program of its own."""
