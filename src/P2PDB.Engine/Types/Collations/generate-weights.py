#!/usr/bin/env python3
"""Makes the frozen weight tables of P2PDB.Engine from the Unicode data that Perl ships.

    generate-weights.py /usr/share/perl/5.36.0/Unicode/Collate/allkeys.txt OUTPUT-DIRECTORY

uca-primary-13.bin   primary weights of the Default Unicode Collation Element Table (UCA 13.0)
folding.bin          base letter in upper case for each code point of the Basic Multilingual Plane

The formats are described in docs/formats/collation-weights.md. The tables are frozen: running this again with newer
data must never replace a file under the same name.
"""
import struct
import sys
import unicodedata


def read_primaries(path):
    singles, contractions = {}, {}
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if not line or line.startswith("@"):
            continue
        points, elements = line.split(";")
        points = tuple(int(p, 16) for p in points.split())
        weights = [int(e[1:].split(".")[0], 16) for e in elements.strip()[1:-1].split("][")]
        weights = tuple(w for w in weights if w)
        if len(points) == 1:
            singles[points[0]] = weights
        else:
            contractions[points] = weights
    return singles, contractions


def write_uca(path, singles, contractions):
    pool, pool_index = [], {}

    def entry(weights):
        if len(weights) == 0:
            return 0xFFFF0000
        if len(weights) == 1:
            return weights[0]
        if weights not in pool_index:
            pool_index[weights] = len(pool)
            pool.extend(weights)
        assert len(weights) < 256 and pool_index[weights] < 1 << 20
        return 0x80000000 | len(weights) << 20 | pool_index[weights]

    pages, page_of = [], {}
    for point in singles:
        page_of.setdefault(point >> 8, None)
    out_pages = [0] * (0x110000 >> 8)
    body = b""
    for number, page in enumerate(sorted(page_of)):
        out_pages[page] = number + 1
        body += struct.pack("<256I", *[entry(singles[page << 8 | low]) if page << 8 | low in singles else 0
                                       for low in range(256)])
    rows = b""
    for points in sorted(contractions):
        padded = points + (0,) * (3 - len(points))
        assert len(points) <= 3
        rows += struct.pack("<4I", *padded, entry(contractions[points]))
    with open(path, "wb") as out:
        out.write(b"P2UC" + struct.pack("<4I", 1, len(page_of), len(contractions), len(pool)))
        out.write(struct.pack("<%dH" % len(out_pages), *out_pages))
        out.write(body + rows + struct.pack("<%dH" % len(pool), *pool))


def write_folding(path):
    """The letter that a character decomposes to, without marks, in simple upper case."""
    table = []
    for point in range(0x10000):
        c = chr(point)
        base = point
        if not 0xD800 <= point < 0xE000:
            first = unicodedata.normalize("NFD", c)
            if len(first) > 1 and all(unicodedata.combining(m) for m in first[1:]) and ord(first[0]) < 0x250:
                c = first[0]
            upper = c.upper()
            base = ord(upper) if len(upper) == 1 and ord(upper) < 0x10000 else ord(c)
        table.append(base)
    table[0xDF] = ord("S")
    with open(path, "wb") as out:
        out.write(struct.pack("<65536H", *table))


if __name__ == "__main__":
    singles, contractions = read_primaries(sys.argv[1])
    write_uca(sys.argv[2] + "/uca-primary-13.bin", singles, contractions)
    write_folding(sys.argv[2] + "/folding.bin")
