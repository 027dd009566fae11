"""Lists of members in files: an id or a name a line, or a column of a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from graph.errors import InvalidInput
from linkreach.member_lists import member_list
from tests.support.workbooks import write_ods, write_xlsx


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "targets.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_list_without_a_heading_is_its_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffm1\r\n\nO'Brien, Conan\nm1\n")
    found = member_list(path)
    assert ("m1", "O'Brien, Conan", "m1") == found.ids
    assert {"m1": f"{path}, line 1", "O'Brien, Conan": f"{path}, line 3"} == found.places


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("id,name\nm1,Ada\nm2,Ben\n", "id"),
        ("Name;Member ID\nAda;m1\nBen;m2\n", "member_id"),
        ("sep=;\nname;ID\nAda;m1\nBen;m2\n", "id"),
        ("name\tid\nAda\tm1\n\t\nBen\tm2\n", "id"),
        ('name,id\n"Byron, Ada",m1\n"two\nlines",m2\n', "id"),
        ("id,ID\nm1,x\nm2,y\n", "id"),
        ("id\nm1\nm2\n", "id"),
        ("name id\nAda m1\nBen m2\n", "id"),
    ],
    ids=["commas", "semicolons", "said", "tabs", "quotes", "by its very name", "alone", "white space"],
)
def test_a_column_of_a_table_is_a_list(text: str, column: str, tmp_path: Path) -> None:
    assert ("m1", "m2") == member_list(written(tmp_path, text), column).ids


def test_a_cell_is_named_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,name\nm1,"two\nlines"\nm2,Ben\n')
    assert {"m1": f"{path}, line 2", "m2": f"{path}, line 4"} == member_list(path, "id").places


def test_a_table_may_be_of_another_encoding_a_workbook_or_parquet(tmp_path: Path) -> None:
    rows = [["Company", "Full Name"], ["x", "Zoë"], ["y", "Conan O'Brien"]]
    text = "\n".join(",".join(row) for row in rows)
    wide = written(tmp_path, f"\ufeff{text}", "utf-16-le")
    sheets = {"notes": [["what"], ["ever"]], "people": rows}
    parquet = tmp_path / "targets.parquet"
    pd.DataFrame(rows[1:], columns=rows[0]).to_parquet(parquet, index=False)
    for path in (wide, write_xlsx(tmp_path / "t.xlsx", sheets), write_ods(tmp_path / "t.ods", sheets), parquet):
        assert ("Zoë", "Conan O'Brien") == member_list(path, "full_name").ids


def test_a_list_of_one_column_that_is_called_otherwise_is_its_lines(tmp_path: Path) -> None:
    """So that one of two lists can be a table, and the other not."""
    for text in ("m1\nm2\n", "Ada Byron\nConan O'Brien\n"):
        assert tuple(text.splitlines()) == member_list(written(tmp_path, text), "id").ids


def test_a_row_without_a_cell_is_not_dropped_unless_it_holds_nothing(tmp_path: Path) -> None:
    assert ("m1", "", "m2") == member_list(written(tmp_path, "id,note\nm1,1\n,\n,2\nm2,3\n"), "id").ids


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("member,note\nm4,1\n", "{} has no column 'person_id': it has 'member', 'note'"),
        ("Person Id,PERSON-ID\nm4,m8\n", "{}: 'Person Id' and 'PERSON-ID' are both the column 'person_id', keep one"),
        ("person_ids,note\nm4,1\n", "{}: the column 'person_id' means nothing here: did you mean 'person_ids'?"),
        ("person_id,note\nm4,1\nm8\n", "{}, line 3: 1 cells, where the first line has 2"),
        ('person_id,note\n"m4,1\nm8,2\n', "{}, line 2: quotes that do not match"),
        ("person_id,note\n,1\n", "{} names nobody in the column 'person_id'"),
    ],
    ids=["not there", "twice", "nearly there", "too few cells", "an open quote", "nobody"],
)
def test_a_column_that_cannot_be_read_is_one_line(text: str, problem: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidInput) as refused:
        member_list(path, "person_id")
    assert problem.format(path) == str(refused.value)


def test_a_workbook_has_the_column_in_one_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"old": [["id"], ["m1"]], "new": [["ID", "x"], ["m2", "y"]]})
    with pytest.raises(InvalidInput, match="several sheets have the column 'id': 'old', 'new'"):
        member_list(path, "id")
    with pytest.raises(InvalidInput, match="no sheet has the column 'member': 'old', 'new'"):
        member_list(path, "member")


def test_text_that_is_not_in_its_encoding_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="line 2: not UTF-8"):
        member_list(written(tmp_path, "id,name\nm1,Zo\xeb\n", "latin-1"), "id")
