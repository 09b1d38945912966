"""Events the agency finds by itself: retirement next month, a child of 72 months, a job lost, a move of province."""
