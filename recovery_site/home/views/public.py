"""The open pages of the house itself. See faq.views.public for what they have in common."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_safe

from faq.models import Release
from faq.views.printed import printed
from faq.views.public import open_page
from recovery_site.home.kept import KEPT

ARTICLES_SHOWN = 3
FAMILIES_SHOWN = 12


@login_not_required
@require_safe
@conditional_page
def front(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody who is not signed in. Without a cookie the session is not asked.

    No cache gives it out unasked: it names texts (F1), and who is signed in is sent on.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("home:today")
    articles = Release.objects.public(timezone.now()).articles().newest().for_lists()[:ARTICLES_SHOWN]
    response = render(request, "home/front.html", {"articles": articles})
    patch_cache_control(response, no_cache=True)
    return response


@open_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "home/about.html")


@open_page
@printed
def families(request: HttpRequest) -> HttpResponse:
    """What was written for them, below what the house says to each of them."""
    theirs = Release.objects.public(timezone.now()).filter(for_families=True)
    articles = theirs.articles().newest().for_lists()[:FAMILIES_SHOWN]
    questions = theirs.questions().for_readers().by_topic()
    return render(request, "home/families.html", {"articles": articles, "questions": questions})


@open_page
def privacy(request: HttpRequest) -> HttpResponse:
    return privacy_page(request)


@open_page
def privacy_in_spanish(request: HttpRequest) -> HttpResponse:
    """At an address of its own, since a public page is the same bytes for everybody (F1)."""
    with override("es"):
        return privacy_page(request)


def privacy_page(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", {"kept": KEPT, "backup_days": settings.BACKUP_DAYS})


@open_page
def robots(request: HttpRequest) -> HttpResponse:
    """For search engines: what is open may be listed, but for lists of results, which say what people ask."""
    rules = "User-agent: *\nDisallow: /search/\nDisallow: /accounts/\nDisallow: /leave/\n"
    return HttpResponse(f"{rules}\nSitemap: {settings.SITE_URL}/sitemap.xml\n", content_type="text/plain")
