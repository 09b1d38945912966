"""Places: administrative units, banks, codes, the legal calendar, facilities. Reference data with its source and version."""
