"""What touches every app: one function each, keyword-only, with who does it and when."""

from recovery_site.actions.export import export

__all__ = ["export"]
