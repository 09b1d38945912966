"""Money: payment runs made, looked at, signed and sent back."""

from ansinh.workbench.pages.money import making, orders, runs, signing

PAGES = {**runs.PAGES, **orders.PAGES, **signing.PAGES, **making.PAGES}
