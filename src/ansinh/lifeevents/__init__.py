"""Life events: a birth becomes a card, a death ends payments and opens allowances, with a legal clock and a way back."""
