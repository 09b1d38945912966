"""Work that goes on where a crash left it: steps kept in the platform's own database, and the workers that carry them out."""
