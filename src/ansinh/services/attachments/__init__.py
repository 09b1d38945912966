"""Files handed in: judged by their content, kept as they came, compressed and by month."""
