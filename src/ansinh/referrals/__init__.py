"""Referral papers and re-examination appointments: what they are good for, until when, and where they were used."""
