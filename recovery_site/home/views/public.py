from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from faq.models import Article

ARTICLES_SHOWN = 3


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody who is not signed in. Without a cookie the session is not asked."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("home:today")
    articles = (
        Article.objects.public(timezone.now()).newest().only("title", "slug", "summary")[:ARTICLES_SHOWN]
    )
    return render(request, "home/front.html", {"articles": articles})


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "home/about.html")


@login_not_required
@require_safe
def families(request: HttpRequest) -> HttpResponse:
    return render(request, "home/families.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", {"backup_days": settings.BACKUP_DAYS})
