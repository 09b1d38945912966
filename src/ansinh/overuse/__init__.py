"""Over-use and impossible visits: a list with reasons for officers, never a refusal."""
