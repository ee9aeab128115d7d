"""Characters written as numbers: ``&#20013;``, ``%E4%B8%AD``, ``\\u4e2d`` where 中 should be.

Escapes are right in their place: in URLs, in code, and in text about them. So
each kind is read only where it is dense, or where nothing around it speaks of
code; what it reads as must be text; and an escape that would make markup
(``&lt;``) is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import entities
from urllib.parse import unquote_to_bytes

from textclean.document import Edit
from textclean.models import characters
from textclean.stages.encoding.scan import Signs

_NAMED = (
    "nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|laquo|raquo|mdash|ndash|hellip|middot|bull|times|divide|deg|plusmn"
    "|quot|copy|reg|trade|yen|euro|pound|sect|permil|prime|Prime"
)
_HEX4 = "[0-9A-Fa-f]{4}"

_REST = (
    rf"(?:(?<=&)(?:amp;)*(?:#[0-9xX]|(?:{_NAMED});)|(?<=#)(?:x[0-9A-Fa-f]{{2,6}}|[0-9]{{4,6}});#"
    rf"|(?<=%)(?:[0-9A-Fa-f]{{2}}[^%]?%|u{_HEX4})|(?<=\\)(?:u{_HEX4}|x[0-9A-Fa-f]{{2}}\\x)"
    rf"|(?<=u){_HEX4}u{_HEX4}|(?<==)[0-9A-F]{{2}}=[0-9A-F]{{2}}=)"
)
KIND = (r"&#%\\u=", _REST)
SIGNS = Signs(KIND)

_ENTITY = re.compile(
    rf"&(?:amp;)*(?:#(?:[xX](?P<hex>[0-9A-Fa-f]{{2,6}})|(?P<dec>[0-9]{{2,7}}))(?:;|(?![0-9A-Za-z]))|(?P<name>{_NAMED});)"
)
_BARE_ENTITY = re.compile(r"#(?:x(?P<hex>[0-9A-Fa-f]{2,6})|(?P<dec>[0-9]{4,6}));")
_BACKSLASH = re.compile(rf"(?:\\u{_HEX4})+")
_NO_SLASH = re.compile(rf"(?:u{_HEX4})+")
_PERCENT_U = re.compile(rf"%u{_HEX4}(?:%u{_HEX4}|%[0-9A-Fa-f]{{2}})*")
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}){3,}")
_QUOTED = re.compile(r"=[0-9A-F]{2}(?:[ -<>-~]{0,2}=[0-9A-F]{2}|=\r?\n){2,}[ -<>-~]?")
_TOKEN = re.compile(r"[!-~]+")

_ABOUT = re.compile(
    r"转义|轉義|实体|實體|编码|編碼|字符集|字元集|正则|正則|代码|代碼|匹配|表示|写作|寫作|写成|寫成|Unicode|UTF-?8|GBK|ASCII"
    r"|HTML|URL|JSON|entit|escape|encod|decod|regex|charset|code ?point",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"""[=(:,\[]\s*[urbf]{0,2}["']|[{}`]|\[\^?\\u|;\s*$|//|/\*|\b(?:var|let|const|def|function|return|print|import|echo|char|string)\b""",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"""[=(:,\[{]\s*[urbf]{0,2}["'](?:\\u|%u|\\x|&#)""")
_URL = re.compile(r"://|^www\.|\.(?:com|cn|net|org|gov|edu|html?|php|aspx?|jsp)\b|[?&][\w.]{1,30}=|^/\w", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_MARKUP = frozenset("<>&")

DENSE = 0.5
"""Share of the visible characters of a line that are escapes: text about escapes has a tenth, escaped text nine."""


def find(text: str) -> list[Edit]:
    """The escapes of *text* that stand for text, read.

    >>> [edit.text for edit in find("&#20013;&#22269;")], find("用 &#20013; 表示“中”。")
    (['中国'], [])
    """
    edits: list[Edit] = []
    start = 0
    for line in text.split("\n"):
        if SIGNS.search(line):
            edits += (Edit(start + low, start + high, new, "escape", kind) for low, high, new, kind in _line(line))
        start += len(line) + 1
    if "=\n" in text or "=\r\n" in text:  # quoted-printable breaks its lines
        edits = [edit for edit in edits if edit.note != "quoted-printable"]
        edits += (Edit(m.start(), m.end(), new, "escape", "quoted-printable") for m, new in _quoted(text))
    return _disjoint(edits)


def _disjoint(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


_Found = tuple[int, int, str, str]


def _line(line: str) -> Iterator[_Found]:
    """(start, end, what it reads as, kind) for one line."""
    about = _ABOUT.search(line) is not None
    code = _CODE.search(line) is not None
    visible = max(1, sum(not c.isspace() for c in line))

    def told(found: list[_Found], *, least: int) -> list[_Found]:
        covered = sum(high - low for low, high, _, _ in found)
        dense = covered >= (0.75 if code or about else DENSE) * visible and not _LITERAL.search(line)
        return found if found and (dense or (len(found) >= least and not about and not code)) else []

    yield from _joined(told(_numbered(_ENTITY, line, "entity"), least=1))
    if "&" not in line:
        yield from _joined(told(_numbered(_BARE_ENTITY, line, "entity without &"), least=4))
    runs = [(m.start(), m.end(), _units(m[0].replace("\\u", "")), "\\u escape") for m in _BACKSLASH.finditer(line)]
    yield from told([run for run in runs if _is_text(run[2])], least=2 if _one_run(runs) < 3 else 1)
    if "\\u" not in line and "%u" not in line:
        runs = [(m.start(), m.end(), _units(m[0].replace("u", "")), "u escape") for m in _NO_SLASH.finditer(line)]
        if sum(len(new) for _, _, new, _ in runs) >= 4 and all(_is_text(new) for _, _, new, _ in runs):
            yield from told(runs, least=10**6)
    yield from told([(m.start(), m.end(), _percent_u(m[0]), "%u escape") for m in _PERCENT_U.finditer(line)], least=2)
    found = (
        (m.start(), m.end(), _of_bytes(bytes.fromhex(m[0].replace("\\x", ""))), "\\x escape")
        for m in _BYTES.finditer(line)
    )
    yield from told([one for one in found if one[2]], least=1)
    if "%u" not in line:
        tokens = [(m.start(), m.end(), _percent(m[0]), "%XX escape") for m in _TOKEN.finditer(line) if "%" in m[0]]
        yield from told([token for token in tokens if token[2]], least=1)
    yield from told([(m.start(), m.end(), new, "quoted-printable") for m, new in _quoted(line)], least=1)


def _one_run(runs: list[_Found]) -> int:
    return max((len(new) for _, _, new, _ in runs), default=0)


def _joined(found: list[_Found]) -> Iterator[_Found]:
    """Neighbours taken together: one edit, and surrogate pairs become one character."""
    run: list[_Found] = []
    for one in [*found, None]:
        if run and (one is None or one[0] != run[-1][1]):
            text = "".join(new for _, _, new, _ in run)
            yield run[0][0], run[-1][1], _paired(text), run[0][3]
            run = []
        if one is not None:
            run.append(one)


def _numbered(pattern: re.Pattern[str], line: str, kind: str) -> list[_Found]:
    found = []
    for m in pattern.finditer(line):
        groups = m.groupdict()
        if groups.get("name"):
            new = entities.html5[groups["name"] + ";"]
        else:
            code = int(groups["hex"], 16) if groups["hex"] else int(groups["dec"])
            if not 0x20 <= code < 0x110000:
                continue
            new = chr(code)
        if new not in _MARKUP:
            found.append((m.start(), m.end(), new, kind))
    return found


def _units(digits: str) -> str:
    return _paired("".join(chr(int(digits[i : i + 4], 16)) for i in range(0, len(digits), 4)))


def _paired(text: str) -> str:
    return _SURROGATES.sub(lambda m: m[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)


def _percent_u(found: str) -> str:
    return _paired(re.sub(r"%u(.{4})|%(..)", lambda m: chr(int(m[1] or m[2], 16)), found))


def _percent(token: str) -> str:
    """What a token with %XX in it reads as; "" if it is a URL or no text."""
    return "" if _URL.search(token) else _of_bytes(unquote_to_bytes(token))


def _quoted(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for m in _QUOTED.finditer(text):
        raw = re.sub(rb"=([0-9A-F]{2})|=\r?\n", lambda h: bytes.fromhex(h[1].decode()) if h[1] else b"", m[0].encode())
        new = _of_bytes(raw)
        if new:
            yield m, new


def _of_bytes(raw: bytes) -> str:
    """The text of *raw*, as UTF-8 or GBK; "" if it is not Chinese."""
    for codec in ("utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    return ""


def _is_text(text: str) -> bool:
    """Whether *text* has Han and reads like it."""
    beyond = "".join(c for c in text if "\x7f" < c <= "\uffff")
    if not any("\u3400" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in beyond):
        return False
    return characters.load().quality(beyond) > -11.5 * len(beyond)
