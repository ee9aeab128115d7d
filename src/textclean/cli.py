"""The command line: parse, build, run, nothing else.

By argparse, because libraries that make more of it take 0.1 s more to start: a sixth of what a small file costs.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import textclean
from textclean.batch.journal import Refused, Stopped
from textclean.batch.records import Fields
from textclean.batch.sources import Problem
from textclean.document import Document
from textclean.options import OPTIONS
from textclean.pipeline import Pipeline, StageError

if TYPE_CHECKING:
    from rich.console import Console

    from textclean.batch.progress import Plain
    from textclean.stages.duplicates.index import Index

ABOUT = "Raw Chinese web text in, clean text out, and a ledger that proves what was done."
EXIT = "Exit codes: 0 all done, 1 something could not be cleaned (it is named), 2 the command was wrong, 130 stopped."


def clean(given: Namespace) -> int:
    """Clean files and folders into a folder; a run that was stopped goes on where it stood."""
    from textclean.batch import head_start  # noqa: PLC0415  --help need not wait

    head_start.begin(given.inputs, given.engine, given.jobs)
    from textclean.batch import output, progress, publish, runner  # noqa: PLC0415  while the workers begin
    from textclean.batch.report import write  # noqa: PLC0415

    news, quiet, out = _terminal(), given.quiet, given.out
    with tempfile.TemporaryDirectory(prefix="textclean-") as temporary:
        in_passing = given.report and not given.dry_run
        stages = _pipeline(given, corpus=True)
        try:
            request = runner.Request(
                tuple(given.inputs),
                Path(temporary) / "out" if given.dry_run else out,
                stages,
                Fields(given.text_field, given.id_field),
                given.jobs,
                given.limit,
                given.fresh,
                given.max_removed,
                given.engine,
                given.to,
                in_passing,
            )
            with progress.Plain() if news is None or quiet else _bar(news) as bar:
                manifest = runner.run(request, bar)
                if in_passing and not (out / publish.REPORT).exists():
                    bar.phase("writing the report", 0)
                    write(out, given.jobs)
        except (Refused, ValueError) as error:
            _usage(error)
        except (Stopped, output.Damaged) as error:
            _fail(error)
        except OSError as error:
            _fail(f"{out} is complete but for its report, which could not be written: {error}")
        except KeyboardInterrupt:
            again = "" if given.dry_run else ": the same command goes on where this one stood"
            print(f"stopped{again}", file=sys.stderr)
            return 130
    if news is not None and not quiet:
        from textclean.batch import show  # noqa: PLC0415

        news.print(show.summary(manifest))
        there = f"the output is in {out}" + (f"; {out / publish.REPORT} shows it" if given.report else "")
        news.print("nothing was kept: this was a dry run" if given.dry_run else there, markup=False)
    return 1 if manifest["totals"]["problems"] else 0


def demo(given: Namespace) -> int:
    """Clean five articles that come with textclean, and show one before and after."""
    from rich.console import Console  # noqa: PLC0415

    from textclean.batch import demo as house  # noqa: PLC0415

    code = run(["clean", str(house.articles()), "--out", str(given.out), "--fresh"])
    if code == 0:
        house.before_and_after(Console(highlight=False), given.out)
    return code


def explain(given: Namespace) -> int:
    """Show one document: what went, why, what was repaired.

    A file of an output folder is explained from its ledger; any other is
    cleaned now, without what only a whole corpus can teach.
    """
    from textclean.batch import output, readers, show  # noqa: PLC0415

    console, _ = show.consoles()
    try:
        if output.find(given.file):
            doc = output.document(given.file)
        else:
            doc = _pipeline(given, corpus=False)(readers.single(given.file))
    except (output.Damaged, OSError, ValueError, StageError) as error:
        _fail(error)
    shown = show.document(doc, colour=console.is_terminal, full=given.full)
    console.print(shown, soft_wrap=not console.is_terminal)
    return 0


def restore(given: Namespace) -> int:
    """Give the inputs of a run back, byte for byte, from its output folder alone."""
    from textclean.batch import output, restore, show  # noqa: PLC0415

    try:
        done = restore.restore(given.out, given.target)
    except Refused as error:
        _usage(error)
    except (output.Damaged, OSError, ValueError) as error:
        _fail(error)
    _, news = show.consoles()
    for name in done.not_held:
        news.print(f"{name}: only its source holds its bytes (see sources.jsonl for their hash)", markup=False)
    if news.is_terminal and not given.quiet:
        news.print(f"{done.files:,} files, {done.bytes:,} bytes, restored into {given.target}", markup=False)
    return 1 if done.not_held else 0


def report(given: Namespace) -> int:
    """Write OUT/report.html again: a page that shows what was done, and needs nothing but a browser."""
    from textclean.batch import output  # noqa: PLC0415
    from textclean.batch.report import write  # noqa: PLC0415

    try:
        print(write(given.out, 0))
    except (output.Damaged, OSError, ValueError) as error:
        _fail(error)
    return 0


def pipe(given: Namespace) -> int:
    """Rows of JSON on standard input, the same rows with clean text on standard output."""
    from textclean.batch import pipe, progress  # noqa: PLC0415

    stages = _pipeline(given, corpus=False)
    if stages.learners:
        _usage("a pipe shows one document at a time, so stages that learn from a corpus cannot run in it: use clean")
    fields = Fields(given.text_field, given.id_field)
    problems = pipe.pipe(
        sys.stdin.buffer, sys.stdout.buffer, stages, fields, lambda problem: _say(progress.sentence(problem))
    )
    return 1 if problems else 0


def index_build(given: Namespace) -> int:
    """Make an index of what INPUT holds, each text once."""
    from textclean.stages.duplicates import NearDuplicates  # noqa: PLC0415
    from textclean.stages.duplicates.index import Index  # noqa: PLC0415

    learner = {"scope": given.scope, "threshold": given.threshold, "ngram": given.ngram}
    try:
        made = Index.create(given.folder, NearDuplicates(**learner))
    except (OSError, ValueError) as error:
        _usage(error)
    return _grow(made, given)


def index_add(given: Namespace) -> int:
    """Add what INPUT holds and the index does not; all of it, or nothing if it fails."""
    return _grow(_opened(given.folder), given)


def index_query(given: Namespace) -> int:
    """Say which texts of INPUT the index has, one row of JSON each: id, paragraph, reason, note."""
    docs, problems = _documents(given)
    try:
        for match in _opened(given.folder).query(docs):
            row = {"id": match.doc_id, "reason": match.verdict.reason, "note": match.verdict.note}
            print(json.dumps(row | ({"paragraph": match.number} if match.number else {}), ensure_ascii=False))
    except ValueError as error:
        _fail(error)
    return 1 if problems else 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "clean": clean,
    "demo": demo,
    "explain": explain,
    "restore": restore,
    "report": report,
    "pipe": pipe,
    "index build": index_build,
    "index add": index_add,
    "index query": index_query,
}


def run(words: Sequence[str]) -> int:
    """Do what the command *words* says; its exit code."""
    length = 2 if words[:1] == ["index"] else 1
    name = " ".join(words[:length])
    try:
        if name not in COMMANDS:
            return _overview(name, words)
        command = COMMANDS[name]
        parser = ArgumentParser(f"textclean {name}", description=command.__doc__, epilog=EXIT, allow_abbrev=False)
        for option in OPTIONS[name]:
            parser.add_argument(*option.names, **option.rest)
        return command(parser.parse_intermixed_args(words[length:]))
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1


def _overview(name: str, words: Sequence[str]) -> int:
    """Say what there is; or, where that is not what *words* ask for, that *name* is none of it."""
    parser = ArgumentParser("textclean", usage="textclean COMMAND …", description=ABOUT, epilog=EXIT)
    parser.add_argument("--version", action="version", version=textclean.__version__, help="show the version and exit")
    listed = parser.add_argument_group("commands", "textclean COMMAND --help says more")
    for each, command in COMMANDS.items():
        listed.add_argument(each, nargs="?", help=(command.__doc__ or "").partition("\n")[0])
    if words and words[-1] not in {"-h", "--help", "--version"}:
        parser.error(f"there is no command {name!r}; textclean --help says which there are")
    parser.parse_args(words[-1:] or ["--help"])
    return 0


def _grow(index: Index, given: Namespace) -> int:
    docs, problems = _documents(given)
    try:
        grown = index.add(docs)
    except (OSError, ValueError) as error:
        _fail(error)
    _say(f"{len(grown)} texts in the index, {len(grown) - len(index)} of them new")
    return 1 if problems else 0


def _opened(folder: Path) -> Index:
    from textclean.stages.duplicates.index import Index  # noqa: PLC0415

    try:
        return Index.open(folder)
    except (OSError, ValueError) as error:
        _fail(error)


def _documents(given: Namespace) -> tuple[Iterator[Document], list[object]]:
    """The documents, and a list that has a problem in it for each that could not be read, once they are through."""
    from textclean.batch import progress  # noqa: PLC0415
    from textclean.batch.corpus import documents  # noqa: PLC0415

    problems: list[object] = []

    def told(problem: Problem) -> None:
        problems.append(problem)
        _say(progress.sentence(problem))

    return documents(given.inputs, Fields(given.text_field, given.id_field), told), problems


def _pipeline(given: Namespace, *, corpus: bool) -> Pipeline:
    if given.pipeline is None:
        return Pipeline.default(corpus=corpus)
    try:
        return Pipeline.load(given.pipeline, allow_code=given.allow_code)
    except (OSError, ValueError, TypeError) as error:
        _usage(error)


def _terminal() -> Console | None:
    """Standard error, when somebody sits there; in a pipe nothing is drawn, and rich is not worth its import."""
    if not (sys.stderr.isatty() or os.environ.get("FORCE_COLOR")):
        return None
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, highlight=False)


def _bar(news: Console) -> Plain:
    from textclean.batch.bar import Bar  # noqa: PLC0415

    return Bar(news)


def _say(sentence: object) -> None:
    print(f"textclean: {sentence}", file=sys.stderr)


def _usage(error: object) -> NoReturn:
    _say(error)
    raise SystemExit(2)


def _fail(error: object) -> NoReturn:
    _say(error)
    raise SystemExit(1)


def main() -> NoReturn:
    """The entry point; it ends the process.

    At once: to take apart all that was imported is 0.05 s of work for nothing, and 0.2 s where kernels were compiled.
    """
    gc.set_threshold(20_000, 20, 50)  # as in the workers: see textclean.engines.pool
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts them for each core, and here nothing uses them
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough: textclean explain … | head
        code = 1
    except KeyboardInterrupt:
        code = 130
    atexit._run_exitfuncs()  # noqa: SLF001  what _exit would leave out
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
