"""A stage inside another tool needs that tool: where it is not installed, its file is no place to look for doctests."""

from __future__ import annotations

from importlib.util import find_spec

pytest_plugins = ["engine_fixtures"]

HOSTS = {"datajuicer": "data_juicer", "datatrove": "datatrove", "scrapy": "itemadapter"}

collect_ignore = [
    f"src/textclean/integrations/{name}.py" for name, library in HOSTS.items() if find_spec(library) is None
]
