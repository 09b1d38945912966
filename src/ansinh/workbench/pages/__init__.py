"""Pages, one module or folder an area; each gives a table `PAGES`: address → view."""
