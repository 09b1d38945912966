"""Benchmarks: each measures ours against the bare way, in one run on one machine."""
