"""What people are asked to agree to by somebody else, and what they answered."""
