"""Money: payment runs looked at, and signed."""

from ansinh.workbench.pages.money import orders, runs, signing

PAGES = {**runs.PAGES, **orders.PAGES, **signing.PAGES}
