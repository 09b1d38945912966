"""Ansinh: an open platform for a national social-security agency."""
