"""The pages citizens read: one module a page, each with `PAGES`, address → view."""
