"""The objects of a PDF as bytes, in the one form in which Typst writes them.

They are numbered from 1 without a gap, lie in that order, and have a table of their places behind them; each is one
line, but for the content of streams. Imports the standard library alone, for the child that runs Typst does. ISO
32000-1, 7.3 and 7.5.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence

HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"
END = b"\nendobj\n"
STREAM, END_OF_STREAM = b"\nstream\n", b"\nendstream"
PACKED = b"/Filter/FlateDecode"
FREE = b"0000000000 65535 f\r\n"
ENTRY = len(FREE)  # the length of an entry in the table of places
TOGETHER = 200  # so many objects are packed together; a reader unpacks all of them to get one
LEVEL = 5  # of zlib, for these: to the same size as 6 with half as many, in less time
STRING = rb"(?:\([^()]*\)|<[0-9A-Fa-f]*>)"  # in an object that is `plain`
REFERENCE = b" 0 R"  # behind the number of the object that is meant
DIGITS = b"0123456789"
UTF_16 = b"\xfe\xff"
_AT = re.compile(rb"startxref\n(\d+)\n%%EOF\n?\Z")
_LENGTH = re.compile(rb"/Length \d+")
_SIZE = re.compile(rb"/Size \d+")
_PLAIN = re.compile(rb"[^(]*+(?:\((?:[^()\\/ ]|\\[^()]| (?!0 R)|/(?![A-Z]))*+\)[^(]*+)*+")
_TOKEN = re.compile(rb"\\?[()]|\\.| 0 R|/[A-Z]")
_ESCAPED = re.compile(rb"\\(\d{3}|.)")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def split(pdf: bytes) -> tuple[list[bytes], bytes]:
    """The objects of a file of Typst's, that with the number 1 first, each without its number; and the dictionary of
    its trailer. Raises `ValueError` where the file has another form."""
    found = _AT.search(pdf, max(0, len(pdf) - 40))
    at = int(found[1]) if found else 0
    head, free, rest = pdf[at:].partition(FREE)
    table, trailer, dictionary = rest.partition(b"trailer\n")
    if not free or not trailer or head != b"xref\n0 %d\n" % (len(table) // ENTRY + 1):
        raise ValueError("the PDF has no table of places as Typst writes it")
    starts = [int(table[entry : entry + 10]) for entry in range(0, len(table), ENTRY)]
    objects = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], at], strict=True), 1):
        begin = b"%d 0 obj\n" % number
        if not pdf.startswith(begin, start) or not pdf.startswith(END, end - len(END)):
            raise ValueError(f"object {number} of the PDF is not where its table says")
        objects.append(pdf[start + len(begin) : end - len(END)])
    return objects, dictionary.partition(b"\nstartxref\n")[0]


def taken(pdf: bytes) -> tuple[list[bytes], bytes]:
    """The same as `split`, but that all objects are `plain`."""
    objects, trailer = split(pdf)
    return list(map(plain, objects)), trailer


def join(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """The file of these objects and the dictionary of its trailer, as Typst writes it."""
    parts, places, at = [HEAD], [FREE], len(HEAD)
    for number, content in enumerate(objects, 1):
        parts.append(b"%d 0 obj\n%b%b" % (number, content, END))
        places.append(b"%010d 00000 n\r\n" % at)
        at += len(parts[-1])
    end = _SIZE.sub(b"/Size %d" % len(places), trailer, count=1)
    table = b"xref\n0 %d\n%btrailer\n%b\nstartxref\n%d\n%%%%EOF" % (len(places), b"".join(places), end, at)
    return b"".join([*parts, table])


def pack(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """The same as `join`, packed: what is no stream lies in streams of objects, the table is one, too (7.5.7, 7.5.8).
    The file is named by what is in it."""
    parts, at = [HEAD], len(HEAD)
    identity = hashlib.sha256()
    rows = [b"\0\0\0\0\0\xff", *[b""] * len(objects)]

    def write(number: int, content: bytes) -> None:
        nonlocal at
        rows[number] = b"\1%b\0" % at.to_bytes(4, "big")
        parts.append(b"%d 0 obj\n%b%b" % (number, content, END))
        identity.update(parts[-1])
        at += len(parts[-1])

    loose = []
    for number, content in enumerate(objects, 1):
        if content.endswith(END_OF_STREAM):
            write(number, content)
        else:
            loose.append((number, content))
    for first in range(0, len(loose), TOGETHER):
        together = loose[first : first + TOGETHER]
        places, length = [], 0
        for index, (number, content) in enumerate(together):
            rows[number] = b"\2%b%c" % (len(rows).to_bytes(4, "big"), index)
            places.append(b"%d %d" % (number, length))
            length += len(content) + 1
        head = b" ".join(places) + b"\n"
        packed = zlib.compress(head + b"\n".join(content for _, content in together), LEVEL)
        rows.append(b"")
        write(len(rows) - 1, _stream(b"/Type/ObjStm/N %d/First %d" % (len(together), len(head)), packed))
    rows.append(b"")
    name = identity.hexdigest()[:32].encode()
    ends = b"".join(re.findall(rb"/(?:Root|Info) \d+ 0 R", trailer))
    rows[-1] = b"\1%b\0" % at.to_bytes(4, "big")
    said = b"/Type/XRef/Size %d/W[1 4 1]%b/ID[<%b><%b>]" % (len(rows), ends, name, name)
    said += b"/DecodeParms<</Predictor 12/Columns 6>>"
    table = _stream(said, zlib.compress(_differences(b"".join(rows), 6), 9))
    return b"".join([*parts, b"%d 0 obj\n%b%b" % (len(rows) - 1, table, END), b"startxref\n%d\n%%%%EOF\n" % at])


def _differences(table: bytes, columns: int) -> bytes:
    """The rows of a table as those of a picture in PNG that are told by the row above each (RFC 2083, 6.4)."""
    rows = bytearray(b"\2" * (len(table) // columns * (columns + 1)))
    for column in range(columns):
        own = table[column::columns]
        rows[column + 1 :: columns + 1] = bytes([(one - above) & 255 for one, above in zip(own, b"\0" + own)])  # noqa: B905
    return bytes(rows)


def _stream(dictionary: bytes, packed: bytes) -> bytes:
    return b"<</Length %d%b%b>>%b%b%b" % (len(packed), dictionary, PACKED, STREAM, packed, END_OF_STREAM)


def dictionary_of(content: bytes) -> bytes:
    """An object without the content of the stream, if it is one."""
    return content[: content.index(STREAM)] if content.endswith(END_OF_STREAM) else content


def content_of(stream: bytes) -> bytes:
    """The content of a `stream`, unpacked if it is packed."""
    dictionary = dictionary_of(stream)
    content = stream[len(dictionary) + len(STREAM) : -len(END_OF_STREAM)]
    return zlib.decompress(content) if PACKED in dictionary else content


def with_content(stream: bytes, content: bytes) -> bytes:
    """The `stream` with other `content`, which is packed if the first was."""
    dictionary = dictionary_of(stream)
    packed = zlib.compress(content) if PACKED in dictionary else content
    return b"".join([_LENGTH.sub(b"/Length %d" % len(packed), dictionary, count=1), STREAM, packed, END_OF_STREAM])


def plain(content: bytes) -> bytes:
    """An object whose strings hold nothing that looks like a bracket, a key or a reference: these are escaped."""
    dictionary = dictionary_of(content)
    if b"(" not in dictionary or _PLAIN.fullmatch(dictionary):
        return content
    depth = 0

    def escaped(found: re.Match[bytes]) -> bytes:
        nonlocal depth
        token = found[0]
        depth += (token == b"(") - (token == b")")
        if (token == b"(" and depth == 1) or not depth or (token[:1] == b"\\" and token[1:] not in (b"(", b")")):
            return token
        return b"\\%03o%b" % ((token[1], b"") if token[:1] == b"\\" else (token[0], token[1:]))

    return _TOKEN.sub(escaped, dictionary) + content[len(dictionary) :]


def taken_apart(content: bytes) -> tuple[list[bytes], list[int]]:
    """What stands before, between and behind the references in an object, and the numbers to which they refer."""
    texts, numbers = content.split(REFERENCE), []
    for at in range(len(texts) - 1):
        text = texts[at].rstrip(DIGITS)
        numbers.append(int(texts[at][len(text) :]))
        texts[at] = text
    return texts, numbers


def references(content: bytes) -> list[int]:
    """The numbers of all objects to which one refers, in order."""
    return taken_apart(content)[1]


def reference(content: bytes, key: bytes) -> int:
    """The number of the object to which the `key` of a dictionary refers; 0 where it has none."""
    found = re.search(key + rb" (\d+) 0 R", content)
    return int(found[1]) if found else 0


def value(string: bytes) -> bytes:
    """The bytes that a string stands for."""
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return _ESCAPED.sub(lambda found: _unescaped(found[1]), string[1:-1])


def _unescaped(sign: bytes) -> bytes:
    return bytes([int(sign, 8)]) if len(sign) == 3 else _ESCAPES.get(sign, sign)


def string(content: bytes) -> bytes:
    """The string that stands for these bytes."""
    is_plain = content.isascii() and not re.search(rb"[^ -~]|[()\\]| 0 R|/[A-Z]", content)
    return b"(%b)" % content if is_plain else b"<%b>" % content.hex().upper().encode()


def words(string: bytes) -> str:
    """The words that a string of text stands for."""
    content = value(string)
    return content[2:].decode("utf-16-be") if content.startswith(UTF_16) else content.decode("latin-1")


def text(words: str) -> bytes:
    """The string of text that stands for these words."""
    is_plain = words.isascii() and words.isprintable()
    return string(words.encode() if is_plain else UTF_16 + words.encode("utf-16-be"))
