"""Money: payment runs made, looked at, signed and sent back, and what went otherwise."""

from ansinh.workbench.pages.money import exceptions, held, making, orders, returns, runs, signing

PAGES = {
    **runs.PAGES,
    **orders.PAGES,
    **signing.PAGES,
    **making.PAGES,
    **exceptions.PAGES,
    **held.PAGES,
    **returns.PAGES,
}
