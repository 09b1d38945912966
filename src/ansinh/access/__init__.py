"""Who may do what: officers and their roles, granted by two people; machine clients, their keys and the officers behind them."""
