"""In what other form is the output wanted?

``documents.jsonl`` is always there, because the ledger belongs to it; these
come beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

FORMS = ("jsonl", "parquet", "text", "mnbvc")


def file_name(own: str) -> str:
    """A file name for the document *own*, whatever characters its id has.

    >>> file_name("../a b"), len(file_name("新" * 99))
    ('..%2Fa%20b.txt', 204)
    """
    name = quote(own, safe="")
    if len(name) > 200:  # file systems stop at 255 bytes
        name = name[:183] + "-" + hashlib.blake2b(own.encode(), digest_size=8).hexdigest()
    return f"{name}.txt"


def mnbvc(row: Mapping[str, Any]) -> dict[str, Any]:
    """A document in the MNBVC common corpus format (通用语料格式), one JSON object for a file.

    Its 时间 is the day of publication where the page told it: a run knows no
    other date, and reads no clock. What is a copy has been removed already.
    """
    lines = [(number, line.strip()) for number, line in enumerate(row["text"].split("\n"), 1) if line.strip()]
    seen: set[str] = set()
    paragraphs = []
    for number, line in lines:
        paragraphs.append(
            {
                "行号": number,
                "是否重复": line in seen,
                "是否跨文件重复": False,
                "md5": hashlib.md5(line.encode(), usedforsecurity=False).hexdigest(),
                "内容": line,
                "扩展字段": "{}",
            }
        )
        seen.add(line)
    return {
        "文件名": row["id"],
        "是否待查文件": False,
        "是否重复文件": False,
        "文件大小": len(row["text"].encode()),
        "simhash": simhash([line for _, line in lines]),
        "最长段落长度": max((len(line) for _, line in lines), default=0),
        "段落数": len(lines),
        "去重段落数": len(seen),
        "低质量段落数": 0,
        "段落": paragraphs,
        "扩展字段": json.dumps({"path": row["path"], **row["meta"]}, ensure_ascii=False),
        "时间": str(row["meta"].get("published") or "")[:10].replace("-", ""),
    }


def simhash(lines: Sequence[str]) -> int:
    """Charikar's 64-bit simhash of the set of *lines*: each bit by the majority of their hashes.

    >>> simhash(["甲", "乙", "丙"]) == simhash(["丙", "乙", "甲", "甲"])
    True
    """
    hashes = [int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest(), "big") for line in set(lines)]
    return sum(1 << bit for bit in range(64) if 2 * sum(value >> bit & 1 for value in hashes) > len(hashes))
