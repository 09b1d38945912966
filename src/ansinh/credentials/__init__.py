"""Papers as verifiable credentials: what a citizen keeps in a wallet, and anybody proves without asking us."""
