"""DuckDB: the result of one query, cleaned, is a table for the next. Needs duckdb and pyarrow."""

from pathlib import Path

import duckdb

from textclean.arrow import clean_batch

articles = str(Path(__file__).parent / "articles" / "*.txt")
raw = duckdb.sql(
    "select parse_filename(filename) as id, content as text from read_text($files) order by id",
    params={"files": articles},
)

clean = clean_batch(raw)

query = """
    select id, length(raw.text), length(clean.text)
    from raw join clean using (id)
    order by id
"""
for name, before, after in duckdb.sql(query).fetchall():
    print(f"{name}: {before} -> {after} characters")
