from datetime import datetime

from faq.models import Article, Piece, Question

MOST = 30  # results of a kind; whoever sees so many adds a word


def find(text: str, now: datetime) -> list[Piece]:
    """Published articles and questions with every word of `text`, titles first."""
    articles = Article.objects.public(now).matching(text).for_readers().defer("body", "sources")
    questions = Question.objects.public(now).matching(text).for_readers()
    found = [*articles[:MOST], *questions[:MOST]]
    return sorted(found, key=lambda piece: piece.rank)[:MOST]
