"""From a submission to pages of the book: claims, identity, pages, versions, counts. Everything of a chunk is one commit."""
