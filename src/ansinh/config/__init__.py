"""Wiring: Django's settings, routes, subscriptions and schedules. Everything below receives what it needs as arguments."""
