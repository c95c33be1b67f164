"""Made-up records in large numbers, for measuring: `python manage.py bench_data --actions 100000`.

The boards of an invented council, ten municipal years of their meetings, what they asked, and what became of it. It
differs from the demonstration: that one tells a story through the ordinary doors, this one is written in bulk.
"""

from .council import NotForBench, check_empty, set_up
from .decade import Decade

__all__ = ["Decade", "NotForBench", "check_empty", "set_up"]
