"""The relying party's side of OpenID Connect: what we ask of the national e-ID, and what we believe of its answers. No Django here."""
