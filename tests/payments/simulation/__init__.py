"""Months drawn from a seed: clock, banks, post, people and crashes behind interfaces; PostgreSQL and the sandbox banks' own code are real."""
