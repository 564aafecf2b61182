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

from faq.models import Release

IN_FEED = 20
STANDING_PAGES = ["home:front", "home:families", "home:about", "faq:article_list", "faq:question_list"]


class LatestArticles(Feed):
    feed_type = Atom1Feed
    link = reverse_lazy("faq:article_list")

    def title(self) -> str:
        return settings.SITE_NAME

    def subtitle(self) -> str | Promise:
        return _("New articles")

    def items(self) -> Iterable[Release]:
        return Release.objects.public(timezone.now()).articles().newest().for_lists()[:IN_FEED]

    def item_title(self, item: Release) -> str:
        return item.title

    def item_description(self, item: Release) -> str:
        return item.summary

    def item_guid(self, item: Release) -> str:
        return f"urn:uuid:{item.article_id}"  # of the article, which stays the same when its text changes

    def item_pubdate(self, item: Release) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Release) -> datetime:
        return item.public_from


class StandingPages(Sitemap):
    def items(self) -> list[str]:
        return STANDING_PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Texts(Sitemap):
    def items(self) -> list[Release]:
        releases = Release.objects.public(timezone.now()).newest()
        return list(releases.only("slug", "public_from", "article", "question"))

    def lastmod(self, item: Release) -> datetime:
        return item.public_from


def address_list(request: HttpRequest) -> HttpResponse:
    return sitemap(request, sitemaps={"pages": StandingPages, "texts": Texts})
