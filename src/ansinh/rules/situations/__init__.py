"""Situations as people state them, and what the law makes of them: one kind of question a module."""
