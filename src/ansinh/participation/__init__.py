"""Employers, contribution spans and health-insurance participation."""
