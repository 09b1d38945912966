"""Bytes of a submission to a package: envelope, episodes, tables, rows. Never raises on what a stranger sends; what is wrong is in `problems`."""

from __future__ import annotations

import binascii
import re

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.archives import unpacked
from ansinh.healthbook.formats.bounded_xml import ELEMENTS_MAX, Element, Unreadable, bounded, parsed, tree
from ansinh.healthbook.formats.line_errors import LineError, Severity
from ansinh.healthbook.formats.package import Decision, Episode, Package
from ansinh.healthbook.formats.rows import Found, Shape, rows_of, shape, shown
from ansinh.healthbook.formats.skeletons import rows_alike
from ansinh.healthbook.states import SubmissionKind

EPISODES_MAX = 1_000
FILES_MAX = 200
# Reading goes no further once so much is wrong; each table tells at most rows.PROBLEMS_MAX.
PROBLEMS_MAX = 2_000
_SPACES = re.compile(r"\s+")

ENVELOPE, PAPERS, DEATH, BIRTH = "GIAMDINHHS", "HSCHUNGTU", "HSDLGBT", "HSDLGCS"
_DECISIONS = {
    SubmissionKind.ENCOUNTER_130: Decision.QD_130,
    SubmissionKind.ENCOUNTER_4750: Decision.QD_4750,
    SubmissionKind.ENCOUNTER_3176: Decision.QD_3176,
    SubmissionKind.OLD_ENCOUNTER: Decision.QD_4210,
}
_ROOTS: dict[SubmissionKind, tuple[str, ...]] = {
    SubmissionKind.CHECK_IN: ("CHI_TIEU_TRANG_THAI_KCB",),
    SubmissionKind.ASSESSMENT: ("CHI_TIEU_GIAM_DINH_YKHOA", "CHI_TIEU_GIAM_DINH_Y_KHOA"),
    SubmissionKind.PAPERS: (PAPERS,),
    SubmissionKind.DEATH_NOTICE: (DEATH,),
    SubmissionKind.BIRTH_CERTIFICATE: (BIRTH,),
} | dict.fromkeys(_DECISIONS, (ENVELOPE,))
# What a root tells of its kind. An encounter's own decision is not told by the file.
_KINDS = {root: kind for kind, roots in _ROOTS.items() for root in roots} | {ENVELOPE: SubmissionKind.ENCOUNTER_4750}
_ALONE = {DEATH: "GIAYBAOTU", BIRTH: "GIAYCHUNGSINH"}
# A field of the first table that only the shape of 2017 has.
_ONLY_OLD = "MA_LYDO_VVIEN"
# Ways of writing that were mended or passed over.
_HABITS = {"encoding_changed", "accents_joined", "spelling_changed", "unknown_element"}


def read_package(raw: bytes, kind: SubmissionKind | None = None) -> Package:
    """Read a submission; `kind` as its door says, None: the root element tells. Time and memory are bounded by the bytes handed in."""
    package = Package(kind, _DECISIONS.get(kind) if kind is not None else None)
    _read(raw, kind, package)
    package.problems[:] = _once(package.problems)
    return package


def _once(problems: list[LineError]) -> list[LineError]:
    """Leave out what was told already: one habit of a software is one cause, in however many rows and tables."""
    told: set[tuple[str, str, str, str]] = set()
    kept = []
    for problem in problems:
        if problem.code in _HABITS:
            where = problem.table if problem.code != "encoding_changed" and problem.row else ""
            habit = (problem.code, where, problem.field if problem.row else "", problem.values.get("found", ""))
            if habit in told:
                continue
            told.add(habit)
        kept.append(problem)
    return kept


def _read(raw: bytes, kind: SubmissionKind | None, package: Package) -> None:
    try:
        root, notes = parsed(unpacked(raw))
    except Unreadable as refused:
        package.problems.append(_refused("", refused))
        return
    name = root.tag.upper()
    package.problems += _noted(name if name in _KINDS else "", notes)
    expected = _ROOTS[kind] if kind is not None else tuple(_KINDS)
    if name not in expected:
        values = {"found": shown(root), "expected": ", ".join(expected)}
        package.problems.append(LineError("", 0, "", "wrong_root", values))
        return
    if package.kind is None:
        package.kind = _KINDS[name]
    if name in _ALONE:
        _read_alone(root, name, package)
    elif name in {ENVELOPE, PAPERS}:
        _Envelope(root, name, package).read()
    else:
        _read_list(root, "XML0" if package.kind is SubmissionKind.CHECK_IN else "XML12", package)


def _read_list(root: Element, code: str, package: Package) -> None:
    found = rows_of(root, shape(code))
    package.signature = found.signature
    package.problems += found.problems
    package.episodes.append(Episode({code: found.rows}))


def _read_alone(root: Element, name: str, package: Package) -> None:
    """Read a package of one paper that is not wrapped in base64."""
    code = _ALONE[name]
    papers = [child for child in root if child.tag.upper() == code]
    package.signature = _filled(_child(root, "CHUKYDONVI"))
    if len(papers) != 1:
        wrong = "element_twice" if papers else "element_missing"
        package.problems.append(LineError(name, 0, code, wrong))
        return
    found = rows_of(papers[0], shape(code))
    package.problems += found.problems
    package.episodes.append(Episode({code: found.rows}))
    package.facility = _text(root, "MACSKCB") or (found.rows[0].get("MACSKCB", "") if found.rows else "")


class _Envelope:
    """Reads GIAMDINHHS and HSCHUNGTU: facility, list of HOSO, each of FILEHOSO, then the unit's signature."""

    def __init__(self, root: Element, name: str, package: Package) -> None:
        self.root = root
        self.name = name
        self.package = package
        self.elements = 0
        self.known = tables.PAPERS if name == PAPERS else tables.IN_ENVELOPE

    def read(self) -> None:
        unit = self._child(self.root, "THONGTINDONVI")
        about = self._child(self.root, "THONGTINHOSO")
        self.package.signature = _filled(_child(self.root, "CHUKYDONVI"))
        if unit is not None:
            self.package.facility = _text(unit, "MACSKCB")
        if about is None:
            return
        self.package.made_on = _text(about, "NGAYLAP")
        self.package.count_declared = _text(about, "SOLUONGHOSO")
        listed = self._child(about, "DANHSACHHOSO")
        if listed is None:
            return
        files = [child for child in listed if child.tag.upper() == "HOSO"]
        if not files:
            self._problem("HOSO", "element_missing")
        if len(files) > EPISODES_MAX:
            self._problem("HOSO", "too_many_elements", limit=str(EPISODES_MAX))
            return
        for number, file in enumerate(files, start=1):
            self._read_episode(file, number)

    def _child(self, parent: Element, name: str) -> Element | None:
        found = [child for child in parent if child.tag.upper() == name]
        if len(found) != 1:
            self._problem(name, "element_twice" if found else "element_missing")
            return None
        return found[0]

    def _problem(self, field: str, code: str, **values: str) -> None:
        self.package.problems.append(LineError(self.name, 0, field, code, values))

    def _read_episode(self, file: Element, number: int) -> None:
        episode = Episode()
        self.package.episodes.append(episode)
        parts = [child for child in file if child.tag.upper() == "FILEHOSO"]
        if not parts or len(parts) > FILES_MAX:
            wrong = "too_many_elements" if parts else "element_missing"
            self.package.problems.append(
                LineError(self.name, 0, "FILEHOSO", wrong, {"limit": str(FILES_MAX)}, episode=number)
            )
            return
        for part in parts:
            if self.elements > ELEMENTS_MAX or len(self.package.problems) > PROBLEMS_MAX:
                self._problem("FILEHOSO", "too_many_elements", limit=str(ELEMENTS_MAX))
                return
            problems = self._read_part(part, episode)
            self.package.problems += problems if number == 1 else [_of_episode(problem, number) for problem in problems]

    def _read_part(self, part: Element, episode: Episode) -> list[LineError]:
        code = _text(part, "LOAIHOSO").upper()
        if code not in self.known:
            return [LineError(self.name, 0, "LOAIHOSO", "unknown_table", {"found": code[:40]})]
        content = _child(part, "NOIDUNGFILE")
        text = (content.text or "").strip() if content is not None else ""
        if content is None or not (text or len(content)):
            return [LineError(code, 0, "NOIDUNGFILE", "content_empty", {}, Severity.WARN)]
        try:
            found, notes = self._content(content, text, code, len(episode.rows(code)))
        except Unreadable as refused:
            return [_refused(code, refused)]
        episode.tables.setdefault(code, []).extend(found.rows)
        self.elements += found.elements
        return _noted(code, notes) + found.problems

    def _content(self, element: Element, text: str, code: str, already: int) -> tuple[Found, list[tuple[str, str]]]:
        """Read the table inside NOIDUNGFILE: base64 with or without line breaks, XML in CDATA, or the table itself."""
        if len(element):
            return self._rows(element[0], code, already), []
        content, plain, notes = bounded(text.encode("utf-8") if text.startswith("<") else _decoded(text))
        # Which decision an undeclared file follows, its first table tells.
        if self.package.decision is not None or code != "XML1":
            found = rows_alike(plain, self._shape(code), already)
            if found is not None:
                return found, notes
        root, mended = tree(content)
        return self._rows(root, code, already), notes + mended

    def _rows(self, root: Element, code: str, already: int) -> Found:
        if self.package.decision is None and code == "XML1" and _child(root, _ONLY_OLD) is not None:
            self.package.decision = Decision.QD_4210
            self.package.kind = SubmissionKind.OLD_ENCOUNTER
        return rows_of(root, self._shape(code), already)

    def _shape(self, code: str) -> Shape:
        return shape(code, old=self.package.decision is Decision.QD_4210 and code in tables.OLD)


def _decoded(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        try:
            return binascii.a2b_base64(_SPACES.sub("", text), strict_mode=True)
        except ValueError:
            raise Unreadable("not_base64") from None


def _child(parent: Element, name: str) -> Element | None:
    for child in parent:
        if child.tag == name or child.tag.upper() == name:
            return child
    return None


def _text(parent: Element, name: str) -> str:
    found = _child(parent, name)
    return "" if found is None else (found.text or "").strip()


def _filled(element: Element | None) -> bool:
    return element is not None and bool(len(element) or (element.text or "").strip())


def _of_episode(problem: LineError, number: int) -> LineError:
    return LineError(problem.table, problem.row, problem.field, problem.code, problem.values, problem.severity, number)


def _refused(table: str, refused: Unreadable) -> LineError:
    return LineError(table, 0, "", refused.code, refused.values)


def _noted(table: str, notes: list[tuple[str, str]]) -> list[LineError]:
    return [LineError(table, 0, "", code, {"found": found, "field": table}, Severity.WARN) for code, found in notes]
