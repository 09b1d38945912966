"""Deciding what an insured record and the register's answer say about each other."""
