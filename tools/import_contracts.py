"""A contract for the import checker: from outside a room, only its public parts."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application import contract_utils


class PublicPartsContract(Contract):
    """Rooms inside `container` are entered through the modules named in `parts`; `open_rooms` and `open_modules` are public as they are.

    A part that has become a folder is still entered by its own name, so what lies inside it stays private.
    """

    type_name = "public_parts"

    container = fields.StringField()
    parts = fields.SetField(subfield=fields.StringField())
    open_rooms = fields.SetField(subfield=fields.StringField(), required=False)
    open_modules = fields.SetField(subfield=fields.StringField(), required=False)
    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)
    unmatched_ignore_imports_alerting = fields.EnumField(
        contract_utils.AlertLevel, default=contract_utils.AlertLevel.ERROR
    )

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import that enters a room by another way."""
        option: Any = self  # the checker replaces each field by its value
        removal = contract_utils.remove_ignored_imports_and_report(
            graph=graph,
            ignore_imports=option.ignore_imports,
            unmatched_alerting=option.unmatched_ignore_imports_alerting,
        )
        prefix = f"{self.container}."
        private = sorted(
            module for module in graph.modules if module.startswith(prefix) and not self._is_public(module)
        )
        found = [
            (importer, module, graph.get_import_details(importer=importer, imported=module)[0]["line_number"])
            for module in private
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not _same_room(importer, module)
        ]
        return ContractCheck(
            kept=not found,
            warnings=list(removal.warnings),
            ignored_import_count=removal.ignored_import_count,
            metadata={"found": found},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import and the cure."""
        found: list[tuple[str, str, int]] = check.metadata["found"]
        for importer, module, line in found:
            output.print_error(f"{importer} -> {module} (l.{line})", bold=False)
        output.print_error(
            f"Cure: ask the room through {', '.join(sorted(self._words('parts')))}, or make what you need part of one.",
            bold=False,
        )

    def _is_public(self, module: str) -> bool:
        pieces = module.removeprefix(f"{self.container}.").split(".")
        if len(pieces) == 1 or pieces[0] in self._words("open_rooms") or module in self._words("open_modules"):
            return True
        return len(pieces) == 2 and pieces[1] in self._words("parts")

    def _words(self, option: str) -> set[str]:
        words: Any = getattr(self, option)
        return set(words or ())


def _same_room(importer: str, module: str) -> bool:
    return importer.split(".")[:2] == module.split(".")[:2]
