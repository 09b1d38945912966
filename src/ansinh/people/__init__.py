"""The person: identifiers, aliases, and what the national population register confirms about them."""
