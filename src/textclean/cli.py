"""The command line: parse, build, run, nothing else."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import textclean
from textclean.batch.journal import Refused, Stopped
from textclean.batch.records import Fields
from textclean.batch.sources import Problem
from textclean.document import Document
from textclean.pipeline import Pipeline, StageError

if TYPE_CHECKING:
    from rich.console import Console

    from textclean.batch.progress import Plain
    from textclean.stages.duplicates.index import Index

EXIT = "Exit codes: 0 all done, 1 something could not be cleaned (it is named), 2 the command was wrong, 130 stopped."

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Raw Chinese web text in, clean text out, and a ledger that proves what was done.",
    epilog=EXIT,
)

index = typer.Typer(no_args_is_help=True, help="Texts that were kept before, and what of them comes again.")
app.add_typer(index, name="index")

PipelineFile = Annotated[
    Path | None, typer.Option("--pipeline", help="A pipeline file (TOML); without it the default pipeline runs.")
]
AllowCode = Annotated[bool, typer.Option(help='Let the pipeline file import code: use = "module:Class".')]
TextField = Annotated[str, typer.Option(help="The field of a row that holds its text.")]
IdField = Annotated[str, typer.Option(help="The field of a row that names it.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show problems and nothing else.")]


@app.command(epilog=EXIT)
def clean(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT…",
            help="Files, folders, patterns such as 'news/**/*.html', addresses (s3://…), or - for standard input.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to: new, empty, or of an earlier run.")],
    pipeline: PipelineFile = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Worker processes; 0 is one for each core.")] = 0,
    engine: Annotated[str, typer.Option(help="What runs the work: local, ray or spark.")] = "local",
    text_field: TextField = "text",
    id_field: IdField = "id",
    limit: Annotated[int | None, typer.Option(help="Clean at most so many documents.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Do it in a temporary folder, show the table, keep nothing.")] = False,
    max_removed: Annotated[
        float, typer.Option(help="Stop if a stage that looked at the whole corpus would remove a larger share of it.")
    ] = 1.0,
    to: Annotated[
        str, typer.Option(help="Another form of output: parquet, mnbvc, or text (a file for each row).")
    ] = "",
    fresh: Annotated[bool, typer.Option(help="Replace what an earlier run left in the output folder.")] = False,
    with_report: Annotated[bool, typer.Option("--report/--no-report", help="Write report.html too.")] = True,
    allow_code: AllowCode = False,
    quiet: Quiet = False,
) -> None:
    """Clean files and folders into a folder; a run that was stopped goes on where it stood."""
    from textclean.batch import head_start  # noqa: PLC0415  --help need not wait

    head_start.begin(inputs, engine, jobs)
    from textclean.batch import output, progress, publish, runner  # noqa: PLC0415  while the workers begin
    from textclean.batch.report import write  # noqa: PLC0415

    news = _terminal()
    with tempfile.TemporaryDirectory(prefix="textclean-") as temporary:
        target = Path(temporary) / "out" if dry_run else out
        stages = _pipeline(pipeline, allow_code=allow_code, corpus=True)
        try:
            fields, in_passing = Fields(text_field, id_field), with_report and not dry_run
            request = runner.Request(
                tuple(inputs), target, stages, fields, jobs, limit, fresh, max_removed, engine, to, in_passing
            )
            with progress.Plain() if news is None or quiet else _bar(news) as bar:
                manifest = runner.run(request, bar)
                if in_passing and not (out / publish.REPORT).exists():
                    bar.phase("writing the report", 0)
                    write(out, jobs)
        except (Refused, ValueError) as error:
            _usage(error)
        except (Stopped, output.Damaged) as error:
            _fail(error)
        except OSError as error:
            _fail(f"{out} is complete but for its report, which could not be written: {error}")
        except KeyboardInterrupt:
            typer.echo("stopped" + ("" if dry_run else ": the same command goes on where this one stood"), err=True)
            raise typer.Exit(130) from None
    if news is not None and not quiet:
        from textclean.batch import show  # noqa: PLC0415

        news.print(show.summary(manifest))
        there = f"the output is in {out}" + (f"; {out / publish.REPORT} shows it" if with_report else "")
        news.print("nothing was kept: this was a dry run" if dry_run else there, markup=False)
    raise typer.Exit(1 if manifest["totals"]["problems"] else 0)


@app.command(epilog=EXIT)
def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The folder to write to: new, empty, or of an earlier run.")
    ] = Path("textclean-demo"),
) -> None:
    """Clean five articles that come with textclean, and show one before and after."""
    from rich.console import Console  # noqa: PLC0415

    from textclean.batch import demo as house  # noqa: PLC0415

    try:
        clean([str(house.articles())], out, fresh=True)
    except typer.Exit as done:
        if done.exit_code:
            raise
    house.before_and_after(Console(highlight=False), out)


@app.command(epilog=EXIT)
def explain(
    file: Annotated[Path, typer.Argument(help="A text or HTML file, or a file in OUT/text.")],
    pipeline: PipelineFile = None,
    full: Annotated[bool, typer.Option(help="Show long removals whole.")] = False,
    allow_code: AllowCode = False,
) -> None:
    """Show one document: what went, why, what was repaired.

    A file of an output folder is explained from its ledger; any other is
    cleaned now, without what only a whole corpus can teach.
    """
    from textclean.batch import output, readers, show  # noqa: PLC0415

    console, _ = show.consoles()
    try:
        if output.find(file):
            doc = output.document(file)
        else:
            doc = _pipeline(pipeline, allow_code=allow_code, corpus=False)(readers.single(file))
    except (output.Damaged, OSError, ValueError, StageError) as error:
        _fail(error)
    console.print(show.document(doc, colour=console.is_terminal, full=full), soft_wrap=not console.is_terminal)


@app.command(epilog=EXIT)
def restore(
    out: Annotated[Path, typer.Argument(help="The output folder of a finished run.")],
    target: Annotated[Path, typer.Option("--out", "-o", help="The folder to restore into: new or empty.")],
    quiet: Quiet = False,
) -> None:
    """Give the inputs of a run back, byte for byte, from its output folder alone."""
    from textclean.batch import output, restore, show  # noqa: PLC0415

    try:
        done = restore.restore(out, target)
    except Refused as error:
        _usage(error)
    except (output.Damaged, OSError, ValueError) as error:
        _fail(error)
    _, news = show.consoles()
    for name in done.not_held:
        news.print(
            f"{name}: only its source holds all of its bytes (see sources.jsonl for their hash)",
            markup=False,
            soft_wrap=True,
        )
    if news.is_terminal and not quiet:
        news.print(f"{done.files:,} files, {done.bytes:,} bytes, restored into {target}", markup=False)
    raise typer.Exit(1 if done.not_held else 0)


@app.command(epilog=EXIT)
def report(
    out: Annotated[Path, typer.Argument(help="The output folder of a finished run.")],
) -> None:
    """Write OUT/report.html again: a page that shows what was done, and needs nothing but a browser."""
    from textclean.batch import output  # noqa: PLC0415
    from textclean.batch.report import write  # noqa: PLC0415

    try:
        typer.echo(write(out, 0))
    except (output.Damaged, OSError, ValueError) as error:
        _fail(error)


@app.command(epilog=EXIT)
def pipe(
    pipeline: PipelineFile = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    allow_code: AllowCode = False,
) -> None:
    """Rows of JSON on standard input, the same rows with clean text on standard output."""
    from textclean.batch import pipe, progress  # noqa: PLC0415

    stages = _pipeline(pipeline, allow_code=allow_code, corpus=False)
    if stages.learners:
        _usage("a pipe shows one document at a time, so stages that learn from a corpus cannot run in it: use clean")
    fields = Fields(text_field, id_field)
    problems = pipe.pipe(
        sys.stdin.buffer, sys.stdout.buffer, stages, fields, lambda problem: _say(progress.sentence(problem))
    )
    raise typer.Exit(1 if problems else 0)


IndexInputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Clean text: OUT/documents.jsonl of a run, or any files and folders."),
]


@index.command("build", epilog=EXIT)
def index_build(
    folder: Annotated[Path, typer.Argument(metavar="INDEX", help="The folder of the index: new or empty.")],
    inputs: IndexInputs,
    scope: Annotated[str, typer.Option(help="What is compared: document or paragraph.")] = "document",
    threshold: Annotated[float, typer.Option(help="The Jaccard similarity that makes two texts duplicates.")] = 0.8,
    ngram: Annotated[int, typer.Option(help="The length of a shingle, in characters.")] = 5,
    text_field: TextField = "text",
    id_field: IdField = "id",
) -> None:
    """Make an index of what INPUT holds, each text once."""
    from textclean.stages.duplicates import NearDuplicates  # noqa: PLC0415
    from textclean.stages.duplicates.index import Index  # noqa: PLC0415

    try:
        made = Index.create(folder, NearDuplicates(scope=scope, threshold=threshold, ngram=ngram))
    except (OSError, ValueError) as error:
        _usage(error)
    _grow(made, inputs, Fields(text_field, id_field))


@index.command("add", epilog=EXIT)
def index_add(
    folder: Annotated[Path, typer.Argument(metavar="INDEX", help="The folder of the index.")],
    inputs: IndexInputs,
    text_field: TextField = "text",
    id_field: IdField = "id",
) -> None:
    """Add what INPUT holds and the index does not; all of it, or nothing if it fails."""
    _grow(_opened(folder), inputs, Fields(text_field, id_field))


@index.command("query", epilog=EXIT)
def index_query(
    folder: Annotated[Path, typer.Argument(metavar="INDEX", help="The folder of the index.")],
    inputs: IndexInputs,
    text_field: TextField = "text",
    id_field: IdField = "id",
) -> None:
    """Say which texts of INPUT the index has, one row of JSON each: id, paragraph, reason, note."""
    docs, problems = _documents(inputs, Fields(text_field, id_field))
    try:
        for match in _opened(folder).query(docs):
            row = {"id": match.doc_id, "reason": match.verdict.reason, "note": match.verdict.note}
            typer.echo(json.dumps(row | ({"paragraph": match.number} if match.number else {}), ensure_ascii=False))
    except ValueError as error:
        _fail(error)
    raise typer.Exit(1 if problems else 0)


def _grow(index: Index, inputs: list[str], fields: Fields) -> NoReturn:
    docs, problems = _documents(inputs, fields)
    try:
        grown = index.add(docs)
    except (OSError, ValueError) as error:
        _fail(error)
    _say(f"{len(grown)} texts in the index, {len(grown) - len(index)} of them new")
    raise typer.Exit(1 if problems else 0)


def _opened(folder: Path) -> Index:
    from textclean.stages.duplicates.index import Index  # noqa: PLC0415

    try:
        return Index.open(folder)
    except (OSError, ValueError) as error:
        _fail(error)


def _documents(inputs: list[str], fields: Fields) -> tuple[Iterator[Document], list[object]]:
    """The documents, and a list that has a problem in it for each that could not be read, once they are through."""
    from textclean.batch import progress  # noqa: PLC0415
    from textclean.batch.corpus import documents  # noqa: PLC0415

    problems: list[object] = []

    def told(problem: Problem) -> None:
        problems.append(problem)
        _say(progress.sentence(problem))

    return documents(inputs, fields, told), problems


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Raw Chinese web text in, clean text out, and a ledger that proves what was done."""
    if show:
        typer.echo(textclean.__version__)
        raise typer.Exit


def _pipeline(path: Path | None, *, allow_code: bool, corpus: bool) -> Pipeline:
    if path is None:
        return Pipeline.default(corpus=corpus)
    try:
        return Pipeline.load(path, allow_code=allow_code)
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
    typer.echo(f"textclean: {sentence}", err=True)


def _usage(error: object) -> NoReturn:
    _say(error)
    raise typer.Exit(2)


def _fail(error: object) -> NoReturn:
    _say(error)
    raise typer.Exit(1)


def main() -> None:
    """The entry point; it ends the process.

    At once: to take apart all that was imported is 0.05 s of work for nothing, and 0.2 s where kernels were compiled.
    """
    gc.set_threshold(20_000, 20, 50)  # as in the workers: see textclean.engines.pool
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts them for each core, and here nothing uses them
    try:
        app()
    except SystemExit as done:
        if not isinstance(done.code, int):
            raise
        atexit._run_exitfuncs()  # noqa: SLF001  what _exit would leave out
        with suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(done.code)
