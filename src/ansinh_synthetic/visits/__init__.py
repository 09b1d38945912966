"""Visits to hospitals that nobody made, by seed, written as the XML hospitals send; with the truth of what stands in them."""

from __future__ import annotations

from ansinh_synthetic.visits.sending import Kind, Sending, Truth

__all__ = ["Kind", "Sending", "Truth"]
