"""Line errors of a package: exactly what is wrong, each cause once.

A value that is itself wrong proves nothing about others: amounts, orders and conditions that lean on it are not judged. What every source refuses
is rejected; what only one source asks, or what only follows from words about a field, is told as a warning.
"""

from __future__ import annotations

from collections.abc import Callable

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.amounts import Sums, judge_line, numbers_of
from ansinh.healthbook.formats.course import judge_days, judge_orders, judge_present
from ansinh.healthbook.formats.judges import NONE_WRONG, Judge, judge
from ansinh.healthbook.formats.line_errors import LineError, Severity
from ansinh.healthbook.formats.package import Decision, Episode, Known, Package, Row
from ansinh.healthbook.formats.verdicts import Finding, Verdicts, look_of
from ansinh.healthbook.states import SubmissionKind

ERRORS_MAX = 1_000

_ENVELOPE = "GIAMDINHHS"
_ROOTS = {SubmissionKind.PAPERS: "HSCHUNGTU", SubmissionKind.DEATH_NOTICE: "HSDLGBT"} | {
    SubmissionKind.BIRTH_CERTIFICATE: "HSDLGCS"
}
_WITHOUT_ENVELOPE = {SubmissionKind.CHECK_IN, SubmissionKind.ASSESSMENT}
_PAPERS_ALONE = {SubmissionKind.DEATH_NOTICE, SubmissionKind.BIRTH_CERTIFICATE}
_COUNTED = {"XML0", "XML2", "XML3", "XML4", "XML5"}
_ONE_ROW = {"XML1", "XML8", "XML10", "XML11", "XML13", "XML14"}
_SUMMED = ("XML2", "XML3")
# When a table belongs to an episode: field of XML1, its values, and whether the portal refuses it elsewhere or the text only says so.
_BELONGS = {
    "XML8": ("MA_LOAI_KCB", {"03", "04", "06"}, Severity.REJECT),
    "XML13": ("MA_LOAI_RV", {"2", "5"}, Severity.WARN),
}
# Names only the shape of 3176 has, and only the one before.
_NEW_NAMES = {"MA_CSKCB_DI", "MA_CSKCB_DEN", "TINH_TRANG_CT"}
_FORMER_NAMES = {"MA_NOI_DI", "MA_NOI_DEN", "PP_DIEU_TRI", "TEN_DICH_VU", "TEN_THUOC"}
# Where software of either age sends: a paper is judged by the names it uses.
_BOTH_NAMES = {None, Decision.QD_3176}
_UNSURE_TOTAL = "T_TONGCHI_BV"


def validate(package: Package, known: Known) -> list[LineError]:
    """Return every line error of a package, those met in reading first; none that rejects: it may go into the book."""
    errors = list(package.problems)
    if not package.episodes:
        return errors
    _judge_envelope(package, known, errors.append)
    for number, episode in enumerate(package.episodes, start=1):
        trial = _Trial(package, known, episode, number, errors)
        trial.judge()
        if trial.more:
            severity = Severity.REJECT if any(error.rejects for error in errors) else Severity.WARN
            errors.append(LineError("", 0, "", "too_many_errors", {"limit": str(ERRORS_MAX)}, severity))
            break
    return errors


def _judge_envelope(package: Package, known: Known, add: Callable[[LineError], None]) -> None:
    if package.kind in _WITHOUT_ENVELOPE or package.kind is None:
        return
    root = _ROOTS.get(package.kind, _ENVELOPE)
    missing = {problem.field for problem in package.problems if problem.table == root}
    if not package.facility:
        if not {"MACSKCB", "THONGTINDONVI"} & missing and package.kind not in _PAPERS_ALONE:
            add(LineError(root, 0, "MACSKCB", "required"))
    elif known.sender is not None and package.facility != known.sender:
        add(LineError(root, 0, "MACSKCB", "sender_differs"))
    elif known.facilities is not None and package.facility not in known.facilities:
        add(LineError(root, 0, "MACSKCB", "unknown_facility"))
    if package.kind in _PAPERS_ALONE or "THONGTINHOSO" in missing:
        return
    if not package.made_on:
        add(LineError(root, 0, "NGAYLAP", "required", {}, Severity.WARN))
    elif finding := _DAY[package.made_on]:
        add(LineError(root, 0, "NGAYLAP", finding.code, dict(finding.values), finding.severity))
    _judge_count(package, root, add)


def _judge_count(package: Package, root: str, add: Callable[[LineError], None]) -> None:
    declared, found = package.count_declared, len(package.episodes)
    if not declared:
        add(LineError(root, 0, "SOLUONGHOSO", "required", {}, Severity.WARN))
    elif not (declared.isascii() and declared.isdigit()):
        add(LineError(root, 0, "SOLUONGHOSO", "not_whole_number"))
    elif declared.lstrip("0") != str(found):
        add(LineError(root, 0, "SOLUONGHOSO", "counts_differ", {"declared": declared[:10], "found": str(found)}))


def _day_of_making() -> Verdicts:
    described = next(field for field in tables.table("XML10").fields if field.name == "NGAY_CT")
    look = look_of(described, None)
    assert look is not None
    return Verdicts(look)


_DAY = _day_of_making()


class _Trial:
    """Judges one episode: XML1 first, since what the other tables say is held against it."""

    def __init__(self, package: Package, known: Known, episode: Episode, number: int, errors: list[LineError]) -> None:
        self.package = package
        self.known = known
        self.episode = episode
        self.number = number
        self.errors = errors
        self.first = len(errors)
        self.rejected = False
        self.more = False
        self.old = package.decision is Decision.QD_4210
        self.summary: Row = {}
        """What of XML1 can be relied on."""
        read = [problem for problem in package.problems if problem.rejects and problem.episode == number]
        self.spoiled = {problem.table for problem in read if not problem.field}
        self.unplaced = any(problem.code == "unknown_table" for problem in read)
        """Rows were sent under a name that is no table's: nobody can say what is missing."""
        self.unread = {(problem.table, problem.row, problem.field) for problem in read if problem.row}

    def judge(self) -> None:
        summary = self.episode.row("XML1")
        belongs = self.package.kind not in _WITHOUT_ENVELOPE and not self._of_papers()
        if belongs and summary is None and "XML1" not in self.spoiled and not self.unplaced:
            self._add("XML1", 0, "", Finding("table_missing"))
        for code, rows in self.episode.tables.items():
            if not rows and code not in self.spoiled:
                self._add(code, 0, "", Finding("rows_missing", (), Severity.WARN))
            if len(rows) > 1 and code in _ONE_ROW:
                self._add(code, 2, "", Finding("table_twice"))
        if self.old:
            self._judge_old()
            return
        day = self._day(summary or {})
        wrong: set[str] | frozenset[str] = NONE_WRONG
        if summary is not None:
            wrong = self._judge_row("XML1", judge("XML1", self.package.decision), summary, 1, day)
            self.summary = {name: value for name, value in summary.items() if name not in wrong}
            self._judge_key(summary)
        sums = Sums()
        for code in _SUMMED:
            if code in self.spoiled or self.unplaced:
                sums.doubt(code)
        for code, rows in self.episode.tables.items():
            if code != "XML1":
                self._judge_table(code, rows, day, sums)
        if summary is not None:
            self._judge_totals(summary, wrong, sums)

    def _judge_key(self, summary: Row) -> None:
        """Where all other tables agree on another key, XML1 is the one that is wrong: told once, not in each of their rows."""
        others = [{row.get("MA_LK") for row in rows} for code, rows in self.episode.tables.items() if code != "XML1"]
        keys = set().union(*others) if len(others) > 1 else set()
        if len(keys) == 1 and "MA_LK" in self.summary and keys.isdisjoint({summary["MA_LK"], None}):
            self._add("XML1", 1, "MA_LK", Finding("episode_differs"))
            del self.summary["MA_LK"]

    def _of_papers(self) -> bool:
        return self.package.kind in _ROOTS

    def _add(self, table: str, row: int, field: str, finding: Finding) -> None:
        if (table, row, field) in self.unread:
            return
        if len(self.errors) >= ERRORS_MAX and (self.rejected or finding.severity is Severity.WARN):
            self.more = True
            return
        self.rejected = self.rejected or finding.severity is Severity.REJECT
        error = LineError(table, row, field, finding.code, dict(finding.values), finding.severity, self.number)
        if field:
            for place in range(self.first, len(self.errors)):
                one = self.errors[place]
                if one.row == row and one.field == field and one.table == table:
                    # A field is told once; what rejects takes the place of what only warns.
                    if error.rejects and not one.rejects:
                        self.errors[place] = error
                    return
        self.errors.append(error)

    def _told(self, table: str, field: str) -> bool:
        return any(error.table == table and error.field == field for error in self.errors[self.first :])

    def _day(self, summary: Row) -> str:
        """Return the day by which rules that changed are judged: when the episode ended."""
        for value in (summary.get("NGAY_RA", ""), summary.get("NGAY_VAO", ""), self.package.made_on):
            if len(value) >= 8 and value[:8].isdigit():
                return value[:8]
        for row in self.episode.rows("XML12") or self.episode.rows("XML0"):
            return (row.get("NGAY_HOP") or row.get("NGAY_VAO") or "")[:8]
        return ""

    def _judge_table(self, code: str, rows: list[Row], day: str, sums: Sums) -> None:
        if not self._belongs(code):
            return
        decision = self.package.decision
        common = judge(code, decision)
        for number, row in enumerate(rows, start=1):
            asked = common
            if code == "XML13" and decision in _BOTH_NAMES:
                old_names = _NEW_NAMES.isdisjoint(row) and not _FORMER_NAMES.isdisjoint(row)
                asked = judge(code, decision, not old_names)
            wrong = self._judge_row(code, asked, row, number, day)
            if code in _SUMMED:
                numbers = numbers_of(row, code, wrong)
                findings = judge_line(numbers, code)
                for name, finding in findings:
                    self._add(code, number, name, finding)
                sums.rounded += any(finding.severity is Severity.WARN for _, finding in findings)
                sums.add(code, row, numbers, wrong)
        if code in _COUNTED:
            self._judge_sequence(code, rows)

    def _belongs(self, code: str) -> bool:
        if code not in _BELONGS:
            return True
        field, values, severity = _BELONGS[code]
        said = self.summary.get(field)
        if said is None or said in values:
            return True
        condition = f"XML1.{field} = {', '.join(sorted(values))}"
        self._add(code, 0, "", Finding("table_not_expected", (("condition", condition),), severity))
        return severity is not Severity.REJECT

    def _judge_row(self, code: str, asked: Judge, row: Row, number: int, day: str) -> set[str] | frozenset[str]:
        def report(name: str, finding: Finding) -> None:
            self._add(code, number, name, finding)

        wrong = asked.alone(row, day, report)
        if code != "XML1":
            wrong = self._against_summary(asked, row, wrong, report)
        wrong = self._facilities(asked, row, wrong, report)
        for name, finding in judge_orders(code, row, wrong, self.summary):
            report(name, finding)
            wrong = {*wrong, name}
            if code == "XML1":
                wrong = {*wrong, *(part[1] for part in finding.values)}
        for name, finding in judge_present(code, row, wrong, self.known.received_on):
            report(name, finding)
            wrong = {*wrong, name}
        for name, finding in judge_days(code, row, wrong):
            report(name, finding)
        return wrong

    def _against_summary(
        self, asked: Judge, row: Row, wrong: set[str] | frozenset[str], report: Callable[[str, Finding], None]
    ) -> set[str] | frozenset[str]:
        summary = self.summary
        key = row.get("MA_LK")
        if key is not None and key != summary.get("MA_LK", key) and "MA_LK" not in wrong:
            report("MA_LK", Finding("episode_differs"))
        for name, there in asked.equal_to_summary.items():
            value = row.get(name)
            if value is None or name in wrong:
                continue
            said = summary.get(there, value)  # what XML1 leaves open, another table may say
            if said == value or " ".join(said.split()) == " ".join(value.split()):
                continue
            report(name, Finding("differs_from_xml1", (("than", there),)))
            wrong = {*wrong, name}
        return wrong

    def _facilities(
        self, asked: Judge, row: Row, wrong: set[str] | frozenset[str], report: Callable[[str, Finding], None]
    ) -> set[str] | frozenset[str]:
        listed = self.known.facilities
        for name, separator in asked.facilities:
            value = row.get(name)
            if value is None or name in wrong:
                continue
            if name in {"MA_CSKCB", "MACSKCB"}:
                finding = self._own(value)
                same = asked.code != "XML1" and (self.episode.row("XML1") or {}).get(name) == value
                if (
                    finding is not None
                    and name not in asked.equal_to_summary
                    and not (same and self._told("XML1", name))
                ):
                    report(name, finding)
                    wrong = {*wrong, name}
            elif listed is not None:
                codes = value.split(separator) if separator else [value]
                if any(code.strip() and code.strip() not in listed and not code.endswith("000") for code in codes):
                    report(name, Finding("unknown_facility", (), Severity.WARN))
        return wrong

    def _own(self, value: str) -> Finding | None:
        """Judge the code of the facility that treated: the envelope's, the sender's."""
        own = {code for code in (self.package.facility, self.known.sender) if code}
        if value in own:
            return None
        if self.known.facilities is not None and value not in self.known.facilities:
            return Finding("unknown_facility")
        if not own:
            return None
        return Finding("facility_differs" if self.package.facility else "sender_differs")

    def _judge_sequence(self, code: str, rows: list[Row]) -> None:
        if self._told(code, "STT"):
            return
        for number, row in enumerate(rows, start=1):
            if row.get("STT", "").lstrip("0") != str(number):
                self._add(code, number, "STT", Finding("out_of_sequence", (), Severity.WARN))
                return

    def _judge_totals(self, summary: Row, wrong: set[str] | frozenset[str], sums: Sums) -> None:
        if not any(code in self.episode.tables for code in _SUMMED):
            amount = summary.get(_UNSURE_TOTAL, "0")
            if not (self.unplaced or self.spoiled & set(_SUMMED)) and _UNSURE_TOTAL not in wrong and float(amount) > 0:
                self._add("XML1", 1, _UNSURE_TOTAL, Finding("total_without_lines", (), Severity.WARN))
            return
        for name, finding in sums.judge(summary, wrong):
            self._add("XML1", 1, name, finding)

    def _judge_old(self) -> None:
        """Judge the shape of 2017, which is only read: keys and facility."""
        summary = self.episode.row("XML1") or {}
        for code, rows in self.episode.tables.items():
            for number, row in enumerate(rows, start=1):
                if "MA_LK" not in row:
                    self._add(code, number, "MA_LK", Finding("required"))
                elif row["MA_LK"] != summary.get("MA_LK", row["MA_LK"]):
                    self._add(code, number, "MA_LK", Finding("episode_differs"))
        own = summary.get("MA_CSKCB")
        finding = self._own(own) if own else None
        if finding:
            self._add("XML1", 1, "MA_CSKCB", finding)
