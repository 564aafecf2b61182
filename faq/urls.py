from typing import ClassVar

from django.urls import path, register_converter

from faq.models import Article, Piece, Question
from faq.views import desk, public


class ShelfConverter:
    """`articles` or `questions` in an address, their model in a view."""

    regex = "articles|questions"
    shelves: ClassVar[dict[str, type[Piece]]] = {kind.shelf: kind for kind in (Article, Question)}

    def to_python(self, value: str) -> type[Piece]:
        return self.shelves[value]

    def to_url(self, value: str) -> str:
        return value


register_converter(ShelfConverter, "shelf")

app_name = "faq"
urlpatterns = [
    path("articles/", public.article_list, name="article_list"),
    path("articles/feed/", public.article_feed, name="article_feed"),
    path("articles/<slug:slug>/", public.article_detail, name="article_detail"),
    path("questions/", public.question_list, name="question_list"),
    path("questions/<slug:slug>/", public.question_detail, name="question_detail"),
    path("search/", public.search, name="search"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
    path("library/", desk.library, name="library"),
    path("library/topics/", desk.topic_list, name="topic_list"),
    path("library/topics/<uuid:pk>/", desk.topic_edit, name="topic_edit"),
    path("library/<shelf:shelf>/new/", desk.piece_create, name="piece_create"),
    path("library/<shelf:shelf>/<uuid:pk>/", desk.piece_edit, name="piece_edit"),
    path("library/<shelf:shelf>/<uuid:pk>/preview/", desk.piece_preview, name="piece_preview"),
    path("library/<shelf:shelf>/<uuid:pk>/publication/", desk.publication, name="publication"),
    path("library/<shelf:shelf>/<uuid:pk>/withdrawal/", desk.withdrawal, name="withdrawal"),
]
