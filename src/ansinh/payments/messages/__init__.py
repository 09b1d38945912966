"""Messages to and from banks (ISO 20022): written, read again before they leave, and read when they come. Pure: no database, no clock, no network."""
