"""What readers tell, without being known, and the page on which editors read it (F3)."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import see_other
from faq.forms import TOO_LONG, TypedField
from faq.models import Feedback, Miss, Piece, Reading, Release
from faq.models.listening import REASONS, Reason

SHOWN = 30
ANSWERS = ("yes", "no")
MOST_BYTES = 1_000  # of a form that has two buttons
DAYS = 30


class WhyForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why?"), required=False, widget=forms.RadioSelect)
    words = TypedField(
        label=_("In your own words"),
        required=False,
        max_length=500,
        error_messages={"max_length": TOO_LONG},
        help_text=_("Please write nothing about yourself or anybody else. We cannot answer here."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500, "autocomplete": "off"}),
    )
    # People never see it; programs that fill in every field do.
    website = forms.CharField(required=False)

    def __init__(self, data: object = None, *, helpful: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        chosen = [(value, Reason(value).label) for value in (*REASONS[helpful], Reason.OTHER)]
        self.fields["reason"].choices = chosen  # type: ignore[attr-defined]


def from_here(request: HttpRequest) -> bool:
    """Public pages have no cookie, so no token to compare: the browser says which page sent the form."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


@csrf_exempt
@login_not_required
@never_cache
@require_POST
def feedback(request: HttpRequest, shelf: type[Piece], slug: str) -> HttpResponse:
    if not from_here(request):
        raise PermissionDenied
    now = timezone.now()
    release = get_object_or_404(Release.objects.public(now).on(shelf.shelf), slug=slug)
    if (
        int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
        or request.POST.get("helpful") not in ANSWERS
    ):
        return HttpResponseBadRequest()
    helpful = request.POST["helpful"] == "yes"
    number = Feedback.objects.tell(release.piece, helpful=helpful, today=timezone.localdate(now))
    return see_other("faq:feedback_why", number)


@csrf_exempt
@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_why(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same thanks for a number that is known, used or made up."""
    today = timezone.localdate()
    told = Feedback.objects.open(today).filter(pk=pk).first()
    form = WhyForm(request.POST if request.method == "POST" else None, helpful=told.helpful) if told else None
    if request.method == "POST" and not from_here(request):
        raise PermissionDenied
    if told and form and form.is_bound and form.is_valid():
        given = form.cleaned_data
        if not given["website"]:
            told.say(reason=given["reason"], words=given["words"].strip(), today=today)
        return see_other("faq:feedback_thanks")
    status = 422 if form and form.errors else 200
    return render(request, "faq/feedback_why.html", {"form": form, "told": told}, status=status)


@login_not_required
@require_safe
def feedback_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "faq/feedback_why.html")


@permitted("faq.write")
@require_safe
def listening(request: HttpRequest) -> HttpResponse:
    since = timezone.localdate() - timedelta(days=DAYS)
    context = {
        "most": Reading.objects.most(since)[:SHOWN],
        "days": DAYS,
        "by_text": Feedback.objects.by_text()[:SHOWN],
        "told": Feedback.objects.told()[:SHOWN],
        "misses": Miss.objects.told()[:SHOWN],
    }
    return render(request, "faq/listening.html", context)


@permitted("faq.write")
@require_POST
def feedback_erasure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Words that tell who somebody is; whether the text helped stays."""
    get_object_or_404(Feedback, pk=pk).erase(now=timezone.now())
    return see_other("faq:listening")


@permitted("faq.write")
@require_POST
def feedback_seen(request: HttpRequest, pk: UUID) -> HttpResponse:
    get_object_or_404(Feedback, pk=pk).seen(now=timezone.now())
    return see_other("faq:listening")
