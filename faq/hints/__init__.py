"""Hints while somebody writes (F4): they say what could be plainer or kinder, and stand in nobody's way."""
