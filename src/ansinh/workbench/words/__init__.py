"""The words of the pages, one module a page, each with `WORDS`: language → name → words. A test holds the languages to the same names and places."""

from __future__ import annotations

from ansinh.screens.words import LANGUAGES, Words

__all__ = ["LANGUAGES", "Words", "root"]


def root(language: str) -> str:
    """Return the address of the workbench in a language."""
    return "/workbench/" if language == "vi" else "/workbench/en/"
