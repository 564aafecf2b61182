from faq.models.article import Article, Source
from faq.models.edition import Edition
from faq.models.piece import Piece, Stale, State
from faq.models.question import Question
from faq.models.topic import Topic

__all__ = ["Article", "Edition", "Piece", "Question", "Source", "Stale", "State", "Topic"]
