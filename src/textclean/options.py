"""What does each command understand?"""

from __future__ import annotations

from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any, NamedTuple


class Option(NamedTuple):
    """What a command understands: its names, and the rest as :meth:`ArgumentParser.add_argument` takes it."""

    names: tuple[str, ...]
    rest: dict[str, Any]


def _option(*names: str, **rest: Any) -> Option:
    return Option(names, rest)


def _switch(*names: str, about: str) -> Option:
    return Option(names, {"action": "store_true", "help": about})


PIPELINE = (
    _option(
        "--pipeline", type=Path, metavar="FILE", help="a pipeline file (TOML); without it the default pipeline runs"
    ),
    _switch("--allow-code", about='let the pipeline file import code: use = "module:Class"'),
)
FIELDS = (
    _option("--text-field", default="text", metavar="NAME", help="the field of a row that holds its text: text"),
    _option("--id-field", default="id", metavar="NAME", help="the field of a row that names it: id"),
)
QUIET = _switch("--quiet", "-q", about="show problems and nothing else")
NEW_FOLDER = {"type": Path, "metavar": "OUT", "help": "the folder to write to: new, empty, or of an earlier run"}
FINISHED = _option("out", type=Path, metavar="OUT", help="the output folder of a finished run")
INDEX = _option("folder", type=Path, metavar="INDEX", help="the folder of the index")
TEXTS = _option(
    "inputs",
    nargs="+",
    metavar="INPUT",
    help="clean text: OUT/documents.jsonl of a run, or any files and folders",
)

OPTIONS: dict[str, tuple[Option, ...]] = {
    "clean": (
        _option(
            "inputs",
            nargs="+",
            metavar="INPUT",
            help="files, folders, patterns such as 'news/**/*.html', addresses (s3://…), or - for standard input",
        ),
        _option("--out", "-o", required=True, **NEW_FOLDER),
        *PIPELINE,
        _option("--jobs", "-j", type=int, default=0, metavar="N", help="worker processes; 0 is one for each core"),
        _option("--engine", default="local", help="what runs the work: local, ray or spark"),
        *FIELDS,
        _option("--limit", type=int, metavar="N", help="clean at most so many documents"),
        _switch("--dry-run", about="do it in a temporary folder, show the table, keep nothing"),
        _option(
            "--max-removed",
            type=float,
            default=1.0,
            metavar="SHARE",
            help="stop if a stage that looked at the whole corpus would remove a larger share of it",
        ),
        _option(
            "--to",
            default="",
            metavar="FORM",
            help="another form of output: parquet, mnbvc, or text (a file a row)",
        ),
        _switch("--fresh", about="replace what an earlier run left in the output folder"),
        _option("--report", action=BooleanOptionalAction, default=True, help="write report.html too, or not"),
        QUIET,
    ),
    "demo": (_option("--out", "-o", default=Path("textclean-demo"), **NEW_FOLDER),),
    "explain": (
        _option("file", type=Path, metavar="FILE", help="a text or HTML file, or a file in OUT/text"),
        *PIPELINE,
        _switch("--full", about="show long removals whole"),
    ),
    "restore": (
        FINISHED,
        _option(
            "--out",
            "-o",
            dest="target",
            type=Path,
            required=True,
            metavar="DIR",
            help="the folder to restore into: new or empty",
        ),
        QUIET,
    ),
    "report": (FINISHED,),
    "pipe": (*PIPELINE, *FIELDS),
    "index build": (
        INDEX,
        TEXTS,
        _option("--scope", default="document", help="what is compared: document or paragraph"),
        _option("--threshold", type=float, default=0.8, help="the Jaccard similarity that makes two texts duplicates"),
        _option("--ngram", type=int, default=5, help="the length of a shingle, in characters"),
        *FIELDS,
    ),
    "index add": (INDEX, TEXTS, *FIELDS),
    "index query": (INDEX, TEXTS, *FIELDS),
}
