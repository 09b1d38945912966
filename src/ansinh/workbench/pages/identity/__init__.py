"""Identity: doubtful records looked at and told, and what waits for a second officer."""

from ansinh.workbench.pages.identity.decisions import PAGES as DECISIONS
from ansinh.workbench.pages.identity.reviews import PAGES as REVIEWS

PAGES = {**REVIEWS, **DECISIONS}
