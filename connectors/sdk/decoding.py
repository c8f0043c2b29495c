"""Reads the JSON of answers as it really comes: in other encodings, with broken bytes, with NaN."""

import json
import re
from typing import Any

import msgspec

_LONE = re.compile("[\ud800-\udfff]")
"""Half a character: no text may hold one, and a careless server cuts them in two."""


def decoded(content: bytes, charset: str | None) -> Any:
    """Return the JSON in a body. charset: what the source says it is written in.

    Text that is no UTF-8, whatever the source says of it, is read as the charset it states, else
    as Windows-1252, in which Western sources forget to say that they write; but one that is mostly
    UTF-8 stays UTF-8, since a name that was cut inside an umlaut must not spoil all others. What
    is left of such a character becomes U+FFFD, NaN becomes null. Raises ValueError.
    """
    try:
        return msgspec.json.decode(content)
    except UnicodeDecodeError as error:
        first: Exception = error
    except msgspec.DecodeError as error:
        first = error
    except RecursionError:
        raise ValueError("its parts are nested too deeply") from None
    try:
        return _leniently(_text_of(content, charset))
    except RecursionError:
        raise ValueError("its parts are nested too deeply") from None
    except ValueError:
        raise ValueError(str(first)) from None


def _leniently(text: str) -> Any:
    value = json.loads(text, parse_constant=lambda _: None)
    shown = json.dumps(value, ensure_ascii=False)
    if not _LONE.search(shown):
        return value
    return json.loads(_LONE.sub("\ufffd", shown), parse_constant=lambda _: None)


def _text_of(content: bytes, charset: str | None) -> str:
    wide = json.detect_encoding(content)  # by its mark, or by where its zeros stand
    if wide != "utf-8":
        return content.decode(wide)
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    stated = (charset or "").lower().replace("_", "-")
    if stated not in ("", "utf-8", "utf8"):
        try:
            return content.decode(stated)
        except (UnicodeDecodeError, LookupError):
            pass
    text = content.decode(errors="surrogateescape")
    broken = len(_LONE.findall(text))
    fitting = sum(not letter.isascii() for letter in text) - broken
    if fitting >= broken:
        return text
    return content.decode("windows-1252", errors="surrogateescape")
