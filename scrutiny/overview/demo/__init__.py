"""The demonstration council: the invented Borough of Exampleton, two years of its scrutiny boards' work."""

from .council import is_loaded, load

__all__ = ["is_loaded", "load"]
