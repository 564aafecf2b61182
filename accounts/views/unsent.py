from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import language
from accounts import unsent as keeping
from accounts.http import PersonRequest, see_other
from accounts.models import Unsent
from accounts.models.unsent import MACHINERY, Fields
from accounts.sign_in import session_limits
from accounts.vault import Unreadable

LABELS = {
    "text": _("What you wrote"),
    "note": _("Your note"),
    "reason": _("The reason"),
    "title": _("Title"),
    "name": _("Name"),
    "purpose": _("What it is for"),
    "label": _("Name"),
    "who_is_there": _("Who will be in the room"),
    "what_to_expect": _("What to expect"),
    "agreement": _("Agreement"),
    "summary": _("In short"),
    "body": _("The text"),
    "sources": _("Sources"),
}


@require_safe
def unsent_list(request: PersonRequest) -> HttpResponse:
    """What waits, by the time when it came; each is opened on a page of its own."""
    keeping.remember(request, request.user)
    rows = Unsent.objects.visible_to(request.user).newest_first()
    return render(request, "accounts/unsent_list.html", {"rows": rows})


@require_safe
def unsent(request: PersonRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Unsent.objects.visible_to(request.user), pk=pk)
    try:
        fields = row.opened(by=request.user)
    except Unreadable:
        return render(request, "accounts/unsent.html", {"unsent": row}, status=503)
    if not fields:  # the words stand elsewhere, and this row only leads there
        row.let_go(by=request.user)
        keeping.remember(request, request.user)
        return redirect(row.path)
    context = {
        "unsent": row,
        "fields": fields,
        "shown": in_words(fields),
        "goes_to": resolve(row.path).view_name,
    }
    return render(request, "accounts/unsent.html", context)


@require_POST
def unsent_deletion(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Twice is once: what is gone already was let go."""
    for row in Unsent.objects.visible_to(request.user).filter(pk=pk):
        row.let_go(by=request.user)
    keeping.remember(request, request.user)
    return see_other("home:today")


def in_words(fields: Fields) -> list[tuple[str, str]]:
    """What the person typed, each under the name of its field. The codes of what they chose say little."""
    shown = []
    for name, values in fields:
        plain, text = name.rpartition("-")[2], gettext(", ").join(values).replace("\0", "").strip()
        typed = plain in LABELS or len(text.split()) > 1
        if text and typed and name not in MACHINERY:
            shown.append((str(LABELS.get(plain) or capfirst(plain.replace("_", " "))), text))
    return shown


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For a form whose page is too old (CSRF_FAILURE_VIEW). The words that it brought are kept."""
    page = keeping.keep(request)
    if page is None:
        language.speak(request)  # refused before the language was asked for
        return csrf_failure(request, reason)
    if not request.user.is_authenticated:
        page = session_limits.sign_in_address(request, page, kept=True)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(page)
    return see_other(page)
