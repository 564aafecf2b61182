"""How dates and numbers are written in Spanish, as it is read in the United States.

Templates write a date in an English shape ("l, j F"). Django looks for a shape of that name here before it
takes the letters as they stand, so each is given the words that Spanish puts between day, month and year.
"""

import re

DATE_FORMAT = r"j \d\e F \d\e Y"
MONTH_DAY_FORMAT = r"j \d\e F"
YEAR_MONTH_FORMAT = r"F \d\e Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, P"
TIME_FORMAT = "P"
FIRST_DAY_OF_WEEK = 0
DECIMAL_SEPARATOR = "."  # drawings hold numbers too, and a comma would break them
THOUSAND_SEPARATOR = ","


def __getattr__(shape: str) -> str:
    """Raises AttributeError for what Spanish writes in the same order, and for settings that it leaves."""
    spanish = re.sub(r"\bF j\b(, (?=Y))?", lambda found: "j F " if found[1] else "j F", shape)
    spanish = re.sub(r"\bM\b", "b", spanish)  # the short names of months begin small
    spanish = re.sub(r"\bj F\b", r"j \\d\\e F", spanish)
    spanish = re.sub(r"\bF Y\b", r"F \\d\\e Y", spanish)
    if spanish == shape:
        raise AttributeError(shape)
    return spanish
