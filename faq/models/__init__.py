from faq.models.address import Address
from faq.models.article import Article
from faq.models.autosave import Autosave
from faq.models.edition import Edition
from faq.models.link import Link
from faq.models.listening import Feedback, Reading
from faq.models.miss import Miss
from faq.models.picture import Picture
from faq.models.piece import Piece
from faq.models.publishing import EndsTooEarly, StillOut
from faq.models.question import Question
from faq.models.release import Release
from faq.models.remark import Act, Remark
from faq.models.reviewing import NotReady, OwnText, Unheard
from faq.models.source import Source
from faq.models.topic import Topic
from faq.models.word import Word
from faq.models.writing import AddressTaken, Stale, State, Writing

__all__ = [
    "Act",
    "Address",
    "AddressTaken",
    "Article",
    "Autosave",
    "Edition",
    "EndsTooEarly",
    "Feedback",
    "Link",
    "Miss",
    "NotReady",
    "OwnText",
    "Picture",
    "Piece",
    "Question",
    "Reading",
    "Release",
    "Remark",
    "Source",
    "Stale",
    "State",
    "StillOut",
    "Topic",
    "Unheard",
    "Word",
    "Writing",
]
