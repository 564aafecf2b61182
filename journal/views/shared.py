"""What others shared with this clinician: the list to read, the page, and the answer (J3)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import unsent
from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from accounts.vault import Unreadable
from journal.models import Reply, Share
from journal.models.reading import too_long_ago
from journal.shared_forms import AnswerForm
from journal.who import who_reads_shared

SHOWN = 30  # pages at once


@permitted("journal.read_shared")
@require_safe
def shared_list(request: PersonRequest) -> HttpResponse:
    """Names and days alone. Who opens a page looks at it, and that is noted (A5)."""
    rows, of = Share.objects.visible_to(request.user), ""
    client = User.objects.visible_to(request.user).filter(pk=one_of(request, "client")).first()
    if client:
        rows, of = rows.filter(client=client), f"&client={client.pk}"
    last = Share.objects.visible_to(request.user).filter(pk=one_of(request, "after")).first()
    rows = rows.after(last) if last else rows.unread_first()
    shares = list(rows.for_reading()[: SHOWN + 1])
    context = {
        "shares": shares[:SHOWN],
        "more": f"?after={shares[SHOWN - 1].pk}{of}" if len(shares) > SHOWN else None,
        "later": last,
        "of_client": client,
        "too_long_ago": too_long_ago(timezone.now()),
    }
    return render(request, "journal/shared_list.html", context)


def one_of(request: PersonRequest, name: str) -> UUID:
    """The row that an address names; the key of none for one that was made up."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return UUID(int=0)


@permitted("journal.read_shared")
@require_safe
def shared_page(request: PersonRequest, pk: UUID) -> HttpResponse:
    share = get_object_or_404(Share.objects.visible_to(request.user).select_related("client"), pk=pk)
    try:
        return reading(request, share, AnswerForm())
    except PermissionDenied:  # taken back since this request began
        raise Http404 from None


@permitted("journal.read_shared")
@sensitive_post_parameters()
@require_POST
def answer(request: PersonRequest, pk: UUID) -> HttpResponse:
    form, now = AnswerForm(request.POST), timezone.now()
    share = Share.objects.visible_to(request.user).select_related("client").filter(pk=pk).first()
    if share is None:
        return taken_back(request, form)
    try:
        if not form.is_valid():
            return reading(request, share, form, status=422)
        text, token = form.cleaned_data["text"], form.cleaned_data["client_token"]
        share.answer(text, by=request.user, client_token=token, now=now)
    except PermissionDenied:
        return taken_back(request, form)
    except Unreadable:
        form.add_error(None, _("This could not be kept just now. Your words are still here. Try again soon."))
        return reading(request, share, form, status=503)
    messages.success(request, _("Sent. They can read it now."))
    return see_other("journal:shared_page", share.pk)


def reading(request: PersonRequest, share: Share, form: AnswerForm, status: int = 200) -> HttpResponse:
    """The page with its answers, or the news that it does not open (503)."""
    context = {"share": share, "form": form, "who": who_reads_shared(share, viewer=request.user)}
    try:
        copy, page = share.opened(by=request.user, now=timezone.now())
        context |= {"copy": copy, "page": page}
    except Unreadable:
        status = 503
    context["answers"] = Reply.objects.visible_to(request.user).filter(share=share).opened(by=request.user)
    return render(request, "journal/shared_page.html", context, status=status)


def taken_back(request: PersonRequest, form: AnswerForm) -> HttpResponse:
    """The same for a page that was taken back and for one that never was: only the clinician's own words."""
    context = {"words": form.typed(), "waits": unsent.SENT_AGAIN in request.POST}
    return render(request, "journal/shared_gone.html", context, status=404)
