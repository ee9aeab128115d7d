"""Did anything get worse? Figures of quality against their floors.

    python -m benchmarks.floors                        # measure; the exit code is 1 if a figure fell below its floor
    python -m benchmarks.floors boilerplate chinese    # only these groups
    python -m benchmarks.floors --raise                # measure, and make the floors what was measured where that is better
    python -m benchmarks.floors chinese --lower zhs t2s --reason "why it is right that they fell"

``benchmarks/floors.toml`` holds the floors and, for each group, the SHA-256 of the data they were measured on: a figure from other data
is no figure. A floor is lowered by name and with a reason, which goes into CHANGELOG.md, so that no drop is silent.
Where the judging data is absent nothing is judged, and a sentence says so.
"""

from __future__ import annotations

import argparse
import math
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.corpora import sha256
from benchmarks.quality import DATA, GROUPS, HOUSE, Group

FLOORS = HOUSE / "benchmarks" / "floors.toml"
CHANGELOG = HOUSE / "CHANGELOG.md"
HEAD = """\
# Figures of quality that must not get worse, and the SHA-256 of the data they were measured on. Written by
# `python -m benchmarks.floors --raise`; benchmarks/quality.py says what each figure is.
"""


def load() -> dict[str, dict[str, Any]]:
    """The groups: each with ``data`` (file: hash), ``least`` and ``most`` (figure: floor)."""
    return tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}


def absent(group: Group) -> list[str]:
    """The files of *group* that are not there."""
    return [name for name in group.files if not (DATA / name).is_file()]


def missed(floors: Mapping[str, Any], figures: Mapping[str, float]) -> Iterator[str]:
    """A sentence for each floor of a group that its *figures* do not hold.

    >>> list(missed({"least": {"right": 0.9}, "most": {"lost": 2}}, {"right": 0.89, "lost": 2}))
    ['right is 0.89 and was at least 0.9']
    """
    for name, floor in floors.get("least", {}).items():
        if figures.get(name, -math.inf) < floor:
            yield f"{name} is {figures.get(name)} and was at least {floor}"
    for name, floor in floors.get("most", {}).items():
        if figures.get(name, math.inf) > floor:
            yield f"{name} is {figures.get(name)} and was at most {floor}"


def other_data(name: str, floors: Mapping[str, Any]) -> list[str]:
    """The files of a group that are not those its floors were measured on."""
    return [file for file in GROUPS[name].files if floors.get("data", {}).get(file) != sha256(DATA / file)]


def judge(name: str, floors: Mapping[str, Any]) -> tuple[dict[str, float], list[str]]:
    """The figures of a group, and what is wrong with them."""
    figures = GROUPS[name].measure()
    problems = [f"{file} is not the file the floors were measured on" for file in other_data(name, floors)]
    return figures, [*problems, *missed(floors, figures)]


def raised(
    group: Group, floors: Mapping[str, Any], figures: Mapping[str, float], data: Mapping[str, str]
) -> dict[str, Any]:
    """The floors of *group*, each the better of what it is and what was measured (cut to four digits on the safe side).

    Floors that were measured on other data count for nothing.
    """
    old = floors if floors.get("data") == data else {}
    least, most = dict(old.get("least", {})), dict(old.get("most", {}))
    for name, figure in figures.items():
        if name in group.smaller:
            most[name] = min(most.get(name, math.inf), math.ceil(figure * 1e4) / 1e4)
        else:
            least[name] = max(least.get(name, -math.inf), math.floor(figure * 1e4) / 1e4)
    return {"data": dict(data), "least": least, "most": most}


def dumps(groups: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """The groups as TOML."""
    lines = [HEAD]
    for name, parts in groups.items():
        for part, values in parts.items():
            if values:
                lines.append(f"[{name}.{part}]")
                lines += [
                    f'"{key}" = ' + (f'"{value}"' if isinstance(value, str) else f"{value:g}")
                    for key, value in values.items()
                ]
                lines.append("")
    return "\n".join(lines)


def lowered(floors: Mapping[str, Any], figures: Mapping[str, float]) -> dict[str, Any]:
    """The floors of a group with those of *figures* made what was measured; ValueError if there is no such floor."""
    new: dict[str, Any] = dict(floors)
    for name, figure in figures.items():
        parts = {"least": math.floor, "most": math.ceil}
        part = next((part for part in parts if name in floors.get(part, {})), "")
        if not part:
            known = ", ".join([*floors.get("least", {}), *floors.get("most", {})])
            raise ValueError(f"there is no floor {name!r} in this group; there are: {known}")
        new[part] = {**new[part], name: parts[part](figure * 1e4) / 1e4}
    return new


def told(changelog: str, group: str, figures: Mapping[str, float], reason: str) -> str:
    """*changelog* with a line about floors that were lowered, under Unreleased and Changed."""
    which = ", ".join(f"{name} to {figure:.4g}" for name, figure in figures.items())
    line = f"- Floors of `{group}` lowered, {which}: {reason}\n"
    head, mark, rest = changelog.partition("## Unreleased\n")
    if not mark:
        raise ValueError("CHANGELOG.md has no section Unreleased to say it in")
    section, divider, older = rest.partition("\n## ")
    if "### Changed\n" not in section:
        section = section.rstrip("\n") + "\n\n### Changed\n" + line
    else:
        before, changed, after = section.partition("### Changed\n")
        section = before + changed + line + after.lstrip("\n")
    return head + mark + section + divider + older


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, say; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument(
        "--raise", dest="up", action="store_true", help="make the floors what was measured, where that is better"
    )
    parser.add_argument(
        "--lower", nargs="+", metavar="FIGURE", help="make these floors what was measured, though that is worse"
    )
    parser.add_argument("--reason", help="why; it goes into CHANGELOG.md")
    asked = parser.parse_args(arguments)
    names = asked.groups or list(GROUPS)
    if unknown := set(names) - set(GROUPS):
        parser.error(f"no group is called {min(unknown)!r}: there are {', '.join(GROUPS)}")
    if asked.lower and (not asked.reason or len(names) != 1):
        parser.error('--lower needs one GROUP and --reason "why it is right that this fell"')
    groups = load()
    worse = 0
    for name in names:
        if gone := absent(GROUPS[name]):
            print(f"{name}: not judged, the judging data beside the project ({DATA.name}/{gone[0]}) is absent")
            continue
        floors = groups.get(name, {})
        figures, problems = judge(name, floors)
        if asked.lower:
            try:
                groups[name] = lowered(floors, {figure: figures.get(figure, math.nan) for figure in asked.lower})
            except ValueError as error:
                parser.error(str(error))
            changed = {figure: figures[figure] for figure in asked.lower}
            CHANGELOG.write_text(told(CHANGELOG.read_text("utf-8"), name, changed, asked.reason), "utf-8")
            problems = list(missed(groups[name], figures))
        if asked.up:
            groups[name] = raised(
                GROUPS[name], floors, figures, {file: sha256(DATA / file) for file in GROUPS[name].files}
            )
            problems = list(missed(groups[name], figures))
        for figure, value in figures.items():
            print(f"{name + ': ' + figure:50} {value:.4f}")
        for problem in problems:
            print(f"{name}: WORSE, {problem}", file=sys.stderr)
        worse += len(problems)
    if asked.up or asked.lower:
        FLOORS.write_text(dumps({name: groups[name] for name in GROUPS if name in groups}), "utf-8")
    return int(worse > 0)


if __name__ == "__main__":
    sys.exit(main())
