"""A career, month by month, reduced to the few figures that formulas need: months of each kind, and the average salary with its derivation."""
