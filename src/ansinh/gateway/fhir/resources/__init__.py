"""What each row of a book is told as: one builder for each type of resource, members in the order of the definition (FHIR R4, 4.0.1)."""
