"""Money: payment runs made, looked at, signed and sent back, what went otherwise, and emergencies."""

from ansinh.workbench.pages.money import emergencies, exceptions, held, making, orders, returns, runs, signing

PAGES = {
    **runs.PAGES,
    **orders.PAGES,
    **signing.PAGES,
    **making.PAGES,
    **exceptions.PAGES,
    **held.PAGES,
    **returns.PAGES,
    **emergencies.PAGES,
}
