"""Money: payment runs made, looked at, signed and sent back, what went otherwise, and emergencies."""

from ansinh.workbench.pages.money import (
    emergencies,
    exceptions,
    held,
    making,
    orders,
    recoveries,
    returns,
    runs,
    signing,
    unclaimed,
)

PAGES = {
    **runs.PAGES,
    **orders.PAGES,
    **signing.PAGES,
    **making.PAGES,
    **exceptions.PAGES,
    **held.PAGES,
    **returns.PAGES,
    **emergencies.PAGES,
    **recoveries.PAGES,
    **unclaimed.PAGES,
}
