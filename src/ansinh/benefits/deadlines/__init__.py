"""How long the agency may take over a file: deadlines by kind and day, and the working-day clock that stands still during pauses."""
