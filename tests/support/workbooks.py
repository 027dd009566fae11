"""Workbooks for tests, as office programs write them, with nothing but zip and XML."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | bool | date | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_DAY_0 = date(1899, 12, 30)
_AS_DATE = 1  # the style of the stylesheet below that is one of dates


def write_xlsx(path: Path, sheets: Sheets) -> Path:
    """A workbook of Excel's."""
    names = list(sheets)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for n in range(len(names))
    )
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n + 1}" r:id="s{n}"/>' for n, name in enumerate(names))
    related = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(len(names))
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="w" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}'
        f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
    }
    for n, rows in enumerate(sheets.values()):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(map(_row, range(1, len(rows) + 1), rows))}'
            "</sheetData></worksheet>"
        )
    return _zip(path, parts)


def write_ods(path: Path, sheets: Sheets) -> Path:
    """A workbook of LibreOffice's."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(f'xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return _zip(
        path,
        {
            "mimetype": mimetype,
            "content.xml": f"{content}</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>',
        },
    )


def _zip(path: Path, parts: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, text in parts.items():
            zip.writestr(name, text)
    return path


def _row(number: int, cells: Sequence[Cell]) -> str:
    filled = "".join(_cell(f"{chr(65 + place)}{number}", cell) for place, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{filled}</row>'


def _cell(place: str, value: Cell) -> str:
    match value:
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case date():
            return f'<c r="{place}" s="{_AS_DATE}"><v>{(value - _DAY_0).days}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _ods_cell(value: Cell) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        case date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        case _:
            text = f"<text:p>{escape(value)}</text:p>"
            return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
