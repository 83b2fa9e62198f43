"""Identifiers and their check digits, each as a reader from text that raises ValueError with a sentence.

Sources: ISBN Users' Manual (ISBN-13 and its check digit), ISO 3297 (ISSN), the DOI Handbook (prefix 10.),
ORCID (ISO 7064 MOD 11-2), ROR (base 32 with two check digits), BCP 47 (RFC 5646). The sums are python-stdnum's.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

DOI = re.compile(r"^10(?:\.\d{4,9}/[^\s\"<>{}|\\^`\]\[]+|/[a-z0-9]{3,12})$")
"""A DOI, or a short one (`10/gf29tr`) of shortdoi.org."""
# No longer than RFC 5646 asks for: files are called after it.
TAG = re.compile(r"^(?!.{36})[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{5,8})*$")
COLUMN_FORMS = ("number", "integer", "percent", "share", "date", "text")
"""`percent` is of a hundred (59 is 59%), `share` of one (0.59 is 59%)."""


def isbn(text: Any) -> Any:
    """An ISBN-13 (or ISBN-10) with a right check digit, as it was written, one form of hyphen. A mapping passes."""
    from stdnum import isbn as standard

    if not isinstance(text, str):
        return text
    plain = text.strip()
    if not standard.is_valid(plain):
        raise ValueError(f"`{plain}` is not an ISBN: {_why_isbn(plain)}")
    return standard.format(standard.to_isbn13(plain)) if "-" not in plain else plain


def _why_isbn(text: str) -> str:
    from stdnum import isbn as standard

    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"\d{13}", digits):
        from stdnum import ean

        right = ean.calc_check_digit(digits[:-1])
        if right != digits[-1]:
            return f"its check digit is {digits[-1]} and must be {right}"
        return "it must begin with 978 or 979"
    if re.fullmatch(r"\d{9}[\dXx]", digits):
        right = standard._calc_isbn10_check_digit(digits[:-1])
        return f"its check digit is {digits[-1]} and must be {right}"
    return f"it has {len(digits)} digits and must have 13 (or 10)"


def issn(text: Any) -> Any:
    """An ISSN with a right check digit, in the form 1234-5679."""
    from stdnum import issn as standard

    plain = str(text).strip()
    if not standard.is_valid(plain):
        digits = re.sub(r"[\s-]", "", plain)
        if re.fullmatch(r"\d{7}[\dXx]", digits):
            right = standard.calc_check_digit(digits[:-1])
            raise ValueError(f"`{plain}` is not an ISSN: its check digit is {digits[-1]} and must be {right}")
        raise ValueError(f"`{plain}` is not an ISSN: it must be eight digits, as in 1234-5679")
    return standard.format(plain)


def jel(text: Any) -> Any:
    """A code of the classification of the Journal of Economic Literature: a letter and up to two digits."""
    plain = str(text).strip()
    if not re.fullmatch("[A-Z][0-9]{0,2}", plain):
        raise ValueError(f"`{plain}` is not a JEL code: it must be a capital letter and up to two digits, as in F34")
    return plain


def price_code(text: Any) -> Any:
    """The five digits that follow the barcode of an ISBN: a price, or 90000 for none."""
    plain = str(text).strip()
    if not re.fullmatch("[0-9]{5}", plain):
        raise ValueError(f"`{plain}` is no price code: it must be five digits, as in 51995, or 90000 for no price")
    return plain


def doi(text: Any) -> Any:
    """A DOI without its resolver: `https://doi.org/10.5281/zenodo.1` becomes `10.5281/zenodo.1`."""
    plain = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", str(text).strip(), flags=re.IGNORECASE)
    if not DOI.match(plain):
        raise ValueError(f"`{plain}` is not a DOI: it must look like 10.5281/zenodo.1234567")
    return plain


def orcid(text: Any) -> Any:
    """An ORCID iD as 0000-0002-1825-0097; its URL is accepted."""
    from stdnum.iso7064 import mod_11_2

    plain = re.sub(r"^https?://orcid\.org/", "", str(text).strip())
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", plain) or not mod_11_2.is_valid(plain.replace("-", "")):
        raise ValueError(
            f"`{plain}` is not an ORCID iD: it must be 16 digits with a right check digit, as in 0000-0002-1825-0097"
        )
    return plain


def ror(text: Any) -> Any:
    """A ROR id as https://ror.org/05dxps055; the bare id is accepted."""
    plain = re.sub(r"^(https?://)?ror\.org/", "", str(text).strip())
    if not _is_ror(plain):
        raise ValueError(f"`{plain}` is not a ROR id: it must look like https://ror.org/05dxps055")
    return f"https://ror.org/{plain}"


def _is_ror(plain: str) -> bool:
    """ROR: `0`, six of Crockford's base 32, two check digits by ISO 7064 MOD 97-10 (98 - n * 100 mod 97)."""
    if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}\d{2}", plain):
        return False
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    number = 0
    for letter in plain[1:7]:
        number = number * 32 + alphabet.index(letter)
    return 98 - (number * 100) % 97 == int(plain[7:])


def language_tag(text: Any) -> Any:
    """A BCP 47 tag in its usual case: en, sr-Latn, de-AT."""
    plain = str(text).strip()
    if not TAG.match(plain):
        raise ValueError(f"`{plain}` is not a language tag (BCP 47): it must look like en, sr-Latn or de-AT")
    return plain


def day(text: Any) -> Any:
    """A day as 2025-01-31; pydantic alone would read a bare number as seconds since 1970."""
    if not isinstance(text, str):
        return text
    plain = text.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain, re.ASCII):
        raise ValueError(f"`{plain[:60]}` is not a date: it must be written as 2025-01-31")
    try:
        return datetime.date.fromisoformat(plain)
    except ValueError as exc:
        raise ValueError(f"`{plain}` is not a date: there is no such day in the calendar") from exc


def web_address(text: Any) -> Any:
    """A web address; one without a scheme gets https."""
    plain = str(text).strip()
    if re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:", plain):
        if not re.match(r"^https?://[^\s/]+", plain):
            raise ValueError(f"`{plain}` is not a web address: it must begin with http:// or https://")
        return plain
    if not re.match(r"^[\w-]+(\.[\w-]+)+(/\S*)?$", plain):
        raise ValueError(f"`{plain}` is not a web address")
    return f"https://{plain}"


def divided_word(text: Any) -> str:
    """A word, with hyphens where it may be divided (`trans-atlantic`); one without is not divided."""
    plain = str(text).strip()
    if not re.fullmatch(r"[^\W\d_]+(-[^\W\d_]+)*", plain):
        raise ValueError(f"`{plain}` is no word with hyphens where it may be divided, as in `trans-atlantic`")
    return plain


def column_form(text: Any) -> Any:
    """How the cells of a column of data are written: one of `COLUMN_FORMS`, or the code of a currency."""
    plain = str(text).strip()
    if plain in COLUMN_FORMS:
        return plain
    if re.fullmatch(r"[A-Z]{3}", plain):
        from babel import Locale

        if plain in Locale("en").currencies:
            return plain
        raise ValueError(f"`{plain}` is not the code of a currency (ISO 4217)")
    known = ", ".join(f"`{form}`" for form in COLUMN_FORMS)
    raise ValueError(f"`format` must be one of {known}, or the code of a currency such as `EUR`, not `{plain}`")
