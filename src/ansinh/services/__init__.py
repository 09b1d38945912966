"""Services people apply for: submitted once, followed by a legal clock, decided in the rooms below, answered on paper."""
