from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted, recently_signed_in
from accounts.http import PersonRequest, see_other
from accounts.models import User
from recovery_site.actions.handover import close_staff_account, reopen_staff_account
from recovery_site.actions.in_hand import in_hands_of
from recovery_site.home.leaving import LeavingForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("accounts.manage_staff")
@require_http_methods(FORM_METHODS)
def leaving(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """What a colleague has in hand, and who takes it over before they leave (A9)."""
    colleague, now = colleague_of(request, person_id), timezone.now()
    form = leaving_form(request, colleague)
    if form.is_bound and form.kept(by=request.user, now=now):
        # The list names clients, so it is this answer and stands in no session.
        return render(request, "home/leaving_done.html", {"colleague": colleague, "given": form.given})
    return leaving_page(request, colleague, form)


@permitted("accounts.manage_staff")
@recently_signed_in
@require_http_methods(FORM_METHODS)
def closing(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Closes the account. Whoever was asked whether it is still them comes by GET, and presses again."""
    colleague = colleague_of(request, person_id)
    if request.method != "POST":
        return see_other("home:leaving", colleague.pk)
    try:
        close_staff_account(person=colleague, by=request.user, now=timezone.now())
    except ValidationError as refusal:
        return leaving_page(request, colleague, leaving_form(request, colleague, sent=False), refusal)
    if colleague.pk == request.user.pk:
        request.session.flush()  # its row went with the account; what is written now needs another
        messages.success(
            request, _("Your account is closed, and you are signed out. Thank you for your work.")
        )
        return see_other("account_login")
    messages.success(request, _("The account is closed. Nobody can sign in with it any more."))
    return see_other("home:leaving", colleague.pk)


@permitted("accounts.manage_staff")
@require_POST
def reopening(request: PersonRequest, person_id: UUID) -> HttpResponse:
    colleague = colleague_of(request, person_id)
    reopen_staff_account(person=colleague, by=request.user, now=timezone.now())
    messages.success(request, _("The account is open again. Now make a card, so that they can sign in."))
    return see_other("home:person", colleague.pk)


def colleague_of(request: PersonRequest, person_id: UUID) -> User:
    return get_object_or_404(User.objects.visible_to(request.user).staff(), pk=person_id)


def leaving_form(request: PersonRequest, colleague: User, *, sent: bool = True) -> LeavingForm:
    others = User.objects.visible_to(request.user).active().clinicians().exclude(pk=colleague.pk)
    return LeavingForm(
        request.POST if sent and request.method == "POST" else None,
        person=colleague,
        work=in_hands_of(colleague, timezone.now()),
        colleagues=others.order_by("chosen_name", "pk"),
    )


def leaving_page(
    request: PersonRequest, colleague: User, form: LeavingForm, refusal: ValidationError | None = None
) -> HttpResponse:
    context = {"colleague": colleague, "form": form, "work": form.work, "refusal": refusal}
    wrong = refusal or form.errors
    return render(request, "home/leaving.html", context, status=422 if wrong else 200)
