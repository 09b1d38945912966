"""Sandbox banks: one program, a store for each bank, and books of their own that tell who was really credited."""
