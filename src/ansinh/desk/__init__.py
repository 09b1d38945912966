"""The clerk's desk: how is this patient insured, readable from two metres."""
