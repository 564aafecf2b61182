"""Who changed a plan, when, and what stood before: for staff, and nothing about clients in it."""

from groups.history.acts import Act, Change, Page, read

__all__ = ["Act", "Change", "Page", "read"]
