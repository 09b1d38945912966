"""Notices: messages to people, each sent once, with what became of it."""
