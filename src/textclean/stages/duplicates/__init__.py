"""Which text is here twice: within one document, and across a corpus."""

from textclean.stages.duplicates.guard import TooMuchRemovedError, check_removed
from textclean.stages.duplicates.near import NearDuplicates, RemoveNearDuplicates
from textclean.stages.duplicates.within import RemoveDuplicates

__all__ = ["NearDuplicates", "RemoveDuplicates", "RemoveNearDuplicates", "TooMuchRemovedError", "check_removed"]
