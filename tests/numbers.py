"""What a proof tried, and how often: printed by `make verify`, which shows what tests print."""


def tried(what, count):
    """A line such as "tried: 1000 edit races"."""
    print(f"\ntried: {count} {what}", flush=True)
