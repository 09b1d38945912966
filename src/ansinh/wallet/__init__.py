"""The wallets' face: where a citizen's wallet takes papers as credentials, and where anybody fetches what proves them."""
