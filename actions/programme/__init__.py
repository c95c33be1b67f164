"""The work programme: what each board takes at which meeting, and what goes over to the next year."""

from .plan import programme_of

__all__ = ["programme_of"]
