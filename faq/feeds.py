"""What machines read: the feed of articles and the list of addresses, both of published pieces only."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from faq.models import Article, Piece, Question

IN_FEED = 20
STANDING_PAGES = ["home:front", "home:families", "home:about", "faq:article_list", "faq:question_list"]


class LatestArticles(Feed):
    feed_type = Atom1Feed
    link = reverse_lazy("faq:article_list")

    def title(self) -> str:
        return settings.SITE_NAME

    def subtitle(self) -> str | Promise:
        return _("New articles")

    def items(self) -> Iterable[Article]:
        return Article.objects.public(timezone.now()).newest().defer("body", "search_text")[:IN_FEED]

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.summary

    def item_guid(self, item: Article) -> str:
        return item.id.urn

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return item.updated_at


class StandingPages(Sitemap):
    def items(self) -> list[str]:
        return STANDING_PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Pieces(Sitemap):
    def items(self) -> list[Piece]:
        now = timezone.now()
        shelves = (Article.objects, Question.objects)
        return [piece for shelf in shelves for piece in shelf.public(now).newest().only("slug", "updated_at")]

    def lastmod(self, item: Piece) -> datetime:
        return item.updated_at


def address_list(request: HttpRequest) -> HttpResponse:
    return sitemap(request, sitemaps={"pages": StandingPages, "pieces": Pieces})
