"""Identity: doubtful records looked at and told, and what waits for a second officer."""

from ansinh.workbench.pages.identity import decisions, reviews

PAGES = {**reviews.PAGES, **decisions.PAGES}
