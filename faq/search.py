from datetime import datetime

from faq.models import Article, Piece, Question

MOST = 30  # results of a kind; whoever sees so many adds a word


def find(text: str, now: datetime) -> list[Piece]:
    """Published articles and questions with every word of `text`, titles first."""
    articles = Article.objects.public(now).matching(text).select_related("topic")
    questions = Question.objects.public(now).matching(text).select_related("topic")
    found = [*articles.defer("body", "search_text")[:MOST], *questions.defer("search_text")[:MOST]]
    return sorted(found, key=lambda piece: piece.rank)[:MOST]
