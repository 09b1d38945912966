"""Words every room shares: money, period, identifiers, actor, errors, clock, settings. No Django, no input or output."""
