"""How much anybody may ask about people, and what happens to who asks more."""
