"""Matching insured records to the population register: who is who, how sure, and why. No Django in here."""

from ansinh.people.matching.decisions import LINKED, SCHEMA
from ansinh.people.matching.engine import match
from ansinh.people.matching.evaluation import Report, evaluate
from ansinh.people.matching.source import Source
from ansinh.people.matching.workspace import Resources, files_of

__all__ = ["LINKED", "SCHEMA", "Report", "Resources", "Source", "evaluate", "files_of", "match"]
