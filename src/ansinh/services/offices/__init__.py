"""Who decides what: one file a deciding room. Each hands an application on, and hears what became of it."""
