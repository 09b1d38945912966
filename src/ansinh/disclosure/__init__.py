"""Who may see what of a health book, in which circumstance, and what the patient says about it."""
