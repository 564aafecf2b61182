from typing import ClassVar

from django.urls import path, register_converter

from faq.models import Article, Piece, Question
from faq.views import (
    addresses,
    claims,
    desk,
    history,
    links,
    listening,
    order,
    pictures,
    public,
    publishing,
    reviewing,
    unkept,
    writing,
)


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
    path("library/away/", desk.away_list, name="away_list"),
    path("library/topics/", desk.topic_list, name="topic_list"),
    path("library/topics/<uuid:pk>/", desk.topic_edit, name="topic_edit"),
    path("library/topics/<uuid:pk>/removal/", desk.topic_removal, name="topic_removal"),
    path("library/<shelf:shelf>/new/", writing.piece_create, name="piece_create"),
    path("<shelf:shelf>/<slug:slug>/feedback/", listening.feedback, name="feedback"),
    path("feedback/thanks/", listening.feedback_thanks, name="feedback_thanks"),
    path("feedback/<uuid:pk>/", listening.feedback_why, name="feedback_why"),
    path("library/listening/", listening.listening, name="listening"),
    path("library/listening/<uuid:pk>/erasure/", listening.feedback_erasure, name="feedback_erasure"),
    path("library/listening/<uuid:pk>/seen/", listening.feedback_seen, name="feedback_seen"),
    path("library/links/", links.link_list, name="link_list"),
    path("library/pictures/", pictures.picture_list, name="picture_list"),
    path("library/pictures/choice/", pictures.picture_choice, name="picture_choice"),
    path("library/pictures/<uuid:pk>/", pictures.picture_edit, name="picture_edit"),
    path("pictures/<uuid:pk>.webp", pictures.picture, name="picture"),
    path("pictures/<uuid:pk>-small.webp", pictures.picture_small, name="picture_small"),
    path("library/claims/", claims.claim_list, name="claim_list"),
    path("library/order/", order.order_list, name="order_list"),
    path("library/order/topics/<uuid:pk>/", order.topic_place, name="topic_place"),
    path("library/order/questions/<uuid:pk>/", order.question_place, name="question_place"),
    path("library/<shelf:shelf>/beside/", writing.beside, name="beside"),
    path("library/<shelf:shelf>/new/<uuid:token>/", writing.piece_create, name="piece_resume"),
    path("library/<shelf:shelf>/<uuid:token>/autosave/", unkept.autosave, name="autosave"),
    path(
        "library/<shelf:shelf>/<uuid:token>/autosave/ending/", unkept.autosave_ending, name="autosave_ending"
    ),
    path("library/<shelf:shelf>/<uuid:pk>/", writing.piece_edit, name="piece_edit"),
    path("library/<shelf:shelf>/<uuid:pk>/preview/", reviewing.piece_preview, name="piece_preview"),
    path("library/<shelf:shelf>/<uuid:pk>/remarks/", reviewing.remarks, name="remarks"),
    path("library/<shelf:shelf>/<uuid:pk>/review/", reviewing.review, name="review"),
    path("library/<shelf:shelf>/<uuid:pk>/review/return/", reviewing.review_return, name="review_return"),
    path(
        "library/<shelf:shelf>/<uuid:pk>/review/approval/", reviewing.review_approval, name="review_approval"
    ),
    path("library/<shelf:shelf>/<uuid:pk>/away/", reviewing.away, name="away"),
    path("library/<shelf:shelf>/<uuid:pk>/away/return/", reviewing.away_return, name="away_return"),
    path("library/<shelf:shelf>/<uuid:pk>/check/", reviewing.piece_check, name="piece_check"),
    path("library/<shelf:shelf>/<uuid:pk>/publication/", publishing.publication, name="publication"),
    path(
        "library/<shelf:shelf>/<uuid:pk>/publication/cancellation/",
        publishing.publication_cancellation,
        name="publication_cancellation",
    ),
    path("library/<shelf:shelf>/<uuid:pk>/ending/", publishing.ending, name="ending"),
    path("library/<shelf:shelf>/<uuid:pk>/withdrawal/", publishing.withdrawal, name="withdrawal"),
    path("library/<shelf:shelf>/<uuid:pk>/history/", history.piece_history, name="piece_history"),
    path(
        "library/<shelf:shelf>/<uuid:pk>/history/<int:revision>/", history.piece_version, name="piece_version"
    ),
    path(
        "library/<shelf:shelf>/<uuid:pk>/history/<int:revision>/restoration/",
        history.piece_restoration,
        name="piece_restoration",
    ),
    path("library/<shelf:shelf>/<uuid:pk>/addresses/", addresses.piece_addresses, name="piece_addresses"),
    path(
        "library/<shelf:shelf>/<uuid:pk>/addresses/handover/",
        addresses.address_handover,
        name="address_handover",
    ),
]
