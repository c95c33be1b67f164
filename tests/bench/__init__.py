"""How fast the pages are, and how that grows: make bench, or python -m tests.bench [--actions 1000 100000]."""
