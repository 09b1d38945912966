"""The population register as the agency last heard it: a mirror, the events that change it, and what the two sides disagree about."""
