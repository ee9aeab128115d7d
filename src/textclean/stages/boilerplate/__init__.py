"""What on this page is the article, and what is the site?"""

from __future__ import annotations

from textclean.stages.boilerplate.sites import SiteTable, SiteTemplates
from textclean.stages.boilerplate.strip import StripBoilerplate

__all__ = ["SiteTable", "SiteTemplates", "StripBoilerplate"]
