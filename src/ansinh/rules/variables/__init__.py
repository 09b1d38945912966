"""Every variable of the law, a file for each branch; dated formulas stand side by side."""
