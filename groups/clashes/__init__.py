"""Rooms and people are in one place at a time (C1, C2)."""

from groups.clashes.guard import guarded
from groups.clashes.search import find, free_rooms, hold
from groups.clashes.words import Clash, Clashes, Taken, in_few_lines

__all__ = ["Clash", "Clashes", "Taken", "find", "free_rooms", "guarded", "hold", "in_few_lines"]
