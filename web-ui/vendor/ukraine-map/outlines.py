"""Writes outlines.tsv: the outline of each region of Ukraine as an SVG path.

    npm pack @svg-maps/ukraine@2.0.0
    python3 web-ui/vendor/ukraine-map/outlines.py svg-maps-ukraine-2.0.0.tgz

Needs nothing but Python. The table is kept in the repository; run this only for a new edition of the
map, then set TARBALL_SHA256 and correct SOURCE.txt and the projection in web-ui/src/map.rs.

The outlines have 140 KB, too much for a page. Borders are cut into arcs where three regions meet,
each arc is simplified once (Douglas and Peucker), so that neighbours still fit each other, and
coordinates are rounded to a unit of a viewBox of SCALE times the original. The map draws Crimea
without Sevastopol and leaves a hole on the coast. It is filled with Sevastopol: the border is that of
the hole, the coast goes by its capes (SEVASTOPOL_COAST, degrees north and east, public knowledge).
"""

import hashlib
import json
import math
import pathlib
import re
import sys
import tarfile

TARBALL_SHA256 = "bf0c46998bcfc6938c79b0f09911ee49500e6df778c09c805732b2ec2c164cb3"
SCALE = 2
# In units of the original: about a pixel of a map as wide as a page.
TOLERANCE = 0.55
# Islands smaller than this (units of the original, squared) cannot be seen.
ISLAND_MIN = 1.5
REGIONS = {
    "crimea": "UA01000000000013043", "vinnytsia": "UA05000000000010236", "volyn": "UA07000000000024379",
    "dnipropetrovsk": "UA12000000000090473", "donetsk": "UA14000000000091971", "zhytomyr": "UA18000000000041385",
    "zakarpattia": "UA21000000000011690", "zaporizhia": "UA23000000000064947", "ivano-frankivsk": "UA26000000000069363",
    "kyiv": "UA32000000000030281", "kirovohrad": "UA35000000000016081", "luhansk": "UA44000000000018893",
    "lviv": "UA46000000000026241", "mykolaiv": "UA48000000000039575", "odessa": "UA51000000000030770",
    "poltava": "UA53000000000028050", "rivne": "UA56000000000066151", "sumy": "UA59000000000057109",
    "ternopil": "UA61000000000060328", "kharkiv": "UA63000000000041885", "kherson": "UA65000000000030969",
    "khmelnytskyi": "UA68000000000099709", "cherkasy": "UA71000000000010357", "chernivtsi": "UA73000000000044923",
    "chernihiv": "UA74000000000025378", "kyiv-city": "UA80000000000093317",
}  # fmt: skip
SEVASTOPOL = "UA85000000000065278"
# Where Crimea's outline leaves the coast and comes back to it, in units of the original.
HOLE = ((643.0, 667.7), (635.8, 631.8))
# From the north to the south: Kacha, Liubymivka, the mouth of the bay, Khersones, Fiolent, Balaklava,
# Aya, Laspi, Sarych.
SEVASTOPOL_COAST = [
    (44.785, 33.54), (44.67, 33.545), (44.625, 33.52), (44.585, 33.377), (44.50, 33.49), (44.49, 33.595),
    (44.425, 33.655), (44.405, 33.70), (44.383, 33.735),
]  # fmt: skip


def projected(north, east):
    """A place in units of the original; the same as in web-ui/src/map.rs."""
    mercator = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(north) / 2)))
    middle = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(49.0) / 2)))
    return 502.968 + 55.442 * (east - 31.2), 297.118 - 54.677 * (mercator - middle)


def rings(path):
    """The rings of a path of M, m, l and z, rounded to a tenth as the original means them."""
    words = re.findall(r"[Mmlz]|-?\d*\.?\d+", path)
    found, ring, at, verb, place = [], [], (0.0, 0.0), "", 0
    while place < len(words):
        if words[place].isalpha():
            verb, place = words[place], place + 1
            if verb == "z":
                found.append(ring)
                at, ring = ring[0], []
            continue
        x, y = float(words[place]), float(words[place + 1])
        place += 2
        at = (x, y) if verb == "M" else (at[0] + x, at[1] + y)
        at = (round(at[0], 1), round(at[1], 1))
        ring.append(at)
        verb = {"M": "l", "m": "l"}.get(verb, verb)
    return found


def area(ring):
    """Twice the area with its sign, halved and without it."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))) / 2


def without_repeats(ring):
    """A ring without points that follow themselves."""
    return [at for place, at in enumerate(ring) if at != ring[place - 1]]


def sevastopol(crimea):
    """The ring that fills the hole of Crimea's."""
    start, end = (crimea.index(at) for at in HOLE)
    return crimea[start : end + 1] + [projected(*cape) for cape in SEVASTOPOL_COAST]


def simplified(line):
    """Douglas and Peucker, on a line whose ends stay."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def away(at):
        if length == 0:
            return math.hypot(at[0] - ax, at[1] - ay)
        along = max(0, min(1, ((at[0] - ax) * (bx - ax) + (at[1] - ay) * (by - ay)) / length**2))
        return math.hypot(at[0] - ax - along * (bx - ax), at[1] - ay - along * (by - ay))

    far = max(range(1, len(line) - 1), key=lambda place: away(line[place]))
    if away(line[far]) <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: far + 1])[:-1] + simplified(line[far:])


def meetings(shapes):
    """Points where borders of different neighbours meet: who borders there changes along the ring."""
    edges = {}
    for code, code_rings in shapes.items():
        for ring in code_rings:
            for a, b in zip(ring, ring[1:] + ring[:1]):
                edges.setdefault(frozenset((a, b)), set()).add(code)
    found = set()
    for code_rings in shapes.values():
        for ring in code_rings:
            for place, at in enumerate(ring):
                before = edges[frozenset((ring[place - 1], at))]
                after = edges[frozenset((at, ring[(place + 1) % len(ring)]))]
                if before != after:
                    found.add(at)
    return found


def simple_ring(ring, fixed, known):
    """A ring of arcs between fixed points, each simplified once for both sides."""
    starts = [place for place, at in enumerate(ring) if at in fixed]
    if len(starts) < 2:
        far = max(range(len(ring)), key=lambda place: math.dist(ring[0], ring[place]))
        starts = [0, far]
    whole = []
    for start, end in zip(starts, starts[1:] + starts[:1]):
        arc = ring[start : end + 1] if start < end else ring[start:] + ring[: end + 1]
        key = min(tuple(arc), tuple(reversed(arc)))
        if key not in known:
            known[key] = simplified(list(key))
        line = known[key] if tuple(arc) == key else known[key][::-1]
        whole += line[:-1]
    return whole


def path(ring):
    """A ring as a path of whole numbers."""
    points = without_repeats([(round(x * SCALE), round(y * SCALE)) for x, y in ring])
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])]
    text = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{text}z"


def main():
    """Reads the tarball named on the command line and writes the table."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest() != TARBALL_SHA256:
        sys.exit("the tarball is not the one that this script was checked against")
    with tarfile.open(sys.argv[1]) as tarball:
        source = tarball.extractfile("package/index.js").read().decode()
    drawn = json.loads(source.removeprefix("export default ").rstrip().rstrip(";"))["locations"]
    shapes = {REGIONS[region["id"]]: [without_repeats(ring) for ring in rings(region["path"])] for region in drawn}
    shapes[SEVASTOPOL] = [sevastopol(shapes[REGIONS["crimea"]][0])]
    fixed, known = meetings(shapes), {}
    lines = ["code\tpath"]
    for code, code_rings in sorted(shapes.items()):
        large = [ring for ring in code_rings if area(ring) >= ISLAND_MIN]
        lines.append(f"{code}\t" + "".join(path(simple_ring(ring, fixed, known)) for ring in large))
    table = pathlib.Path(__file__).with_name("outlines.tsv")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{table}: {len(lines) - 1} regions, {table.stat().st_size} bytes")


if __name__ == "__main__":
    main()
