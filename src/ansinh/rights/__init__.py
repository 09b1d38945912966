"""What people ask about their own data, and how the data-protection desk answers in time."""
