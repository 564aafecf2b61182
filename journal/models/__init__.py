from journal.models.draft import Draft
from journal.models.entry import EARLIEST, TEXT_LENGTH, TITLE_LENGTH, Entry, Heading
from journal.models.narrative import Narrative
from journal.models.on_this_day import OnThisDay
from journal.models.prompt import Kind, Prompt
from journal.models.reply import Reply
from journal.models.sealed_page import Page
from journal.models.share import Share, SharedCopy

__all__ = [
    "EARLIEST",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "Draft",
    "Entry",
    "Heading",
    "Kind",
    "Narrative",
    "OnThisDay",
    "Page",
    "Prompt",
    "Reply",
    "Share",
    "SharedCopy",
]
