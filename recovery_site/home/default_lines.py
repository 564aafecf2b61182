"""The help lines of the United States: loaded once by a migration, shown when nothing else can be read.

The facts are those that 988lifeline.org, samhsa.gov and crisistextline.org publish.
"""

from datetime import date
from typing import Any

REVIEWED_ON = date(2026, 11, 22)
DEFAULT_LINES: list[dict[str, Any]] = [
    {
        "name": "Emergency services",
        "number": "911",
        "hours": "Day and night",
        "note": "When somebody is in danger right now.",
    },
    {
        "name": "988 Suicide and Crisis Lifeline",
        "number": "988",
        "sms": "988",
        "chat": "https://988lifeline.org/chat/",
        "hours": "Day and night",
        "language": "English, Spanish",
        "note": "For any hard moment, and for worry about somebody else. Free.",
    },
    {
        "name": "Crisis Text Line",
        "sms": "741741",
        "sms_word": "HOME",
        "hours": "Day and night",
        "language": "English, Spanish",
        "note": "A trained person answers by text. Free on most phone plans.",
    },
    {
        "name": "SAMHSA National Helpline",
        "number": "1-800-662-4357",
        "hours": "Day and night",
        "language": "English, Spanish",
        "note": "Where to find treatment and support groups, for you or your family. Free.",
    },
]
