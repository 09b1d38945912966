"""The law: dated values with their sources, and small pure formulas over them."""
