from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.defaults import page_not_found

from accounts import language
from accounts.http import see_other


@login_not_required
@require_POST
def choice(request: HttpRequest) -> HttpResponse:
    """Back to the page on which somebody asked for the other language. Its address is asked of the browser:
    written in the form, the token of an invitation would stand in the page (A1).
    """
    chosen = request.POST.get("language", "")
    if chosen not in language.NAMES:
        raise Http404
    language.choose(request, chosen)
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = page.netloc == request.get_host() and url_has_allowed_host_and_scheme(page.path, None)
    return see_other(urlunsplit(("", "", page.path, page.query, "")) if is_ours else "home:today")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is none has no view, before which the language would be asked for."""
    language.speak(request)
    return page_not_found(request, exception)
