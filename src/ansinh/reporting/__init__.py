"""The figures of the agency: each an entry in a registry, counted day by day, and again from raw rows when asked to prove it."""
