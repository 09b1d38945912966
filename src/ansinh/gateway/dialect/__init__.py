"""The compatible door: the calls hospitals' software already makes, answered unchanged. Contract: `contracts/dialect/README.md`."""

from ansinh.gateway.dialect.doors import PUBLISHED, routes

__all__ = ["PUBLISHED", "routes"]
