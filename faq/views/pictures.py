"""Pictures: the desk's own list of them, and the files as a reader's browser fetches them."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from faq.models import Picture
from faq.picture_forms import PictureForm, WordsForm
from faq.views.printed import seconds_left

SHOWN = 60  # the newest
TO_CHOOSE = 12
A_DAY = 24 * 3600  # seconds; a file never changes under its address


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def picture_list(request: PersonRequest) -> HttpResponse:
    form = PictureForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        picture, new = Picture.objects.add(
            given["file"], alt=given["alt"], credit=given["credit"], by=request.user, now=timezone.now()
        )
        if not new:  # the words that were typed now are the ones that are meant
            Picture.objects.filter(pk=picture.pk).update(alt=given["alt"], credit=given["credit"])
        messages.success(request, _("The picture is here.") if new else _("This picture was here already."))
        return see_other("faq:picture_edit", picture.pk)
    pictures = Picture.objects.visible_to(request.user).newest()[:SHOWN]
    context = {"form": form, "pictures": pictures, "shown": SHOWN}
    return render(request, "faq/picture_list.html", context, status=422 if form.errors else 200)


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def picture_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Its words, for the texts that it is put into from now on; what is written already keeps its own."""
    picture = get_object_or_404(Picture.objects.visible_to(request.user).newest(), pk=pk)
    form = WordsForm(request.POST if request.method == "POST" else None, instance=picture)
    if form.is_bound and form.is_valid():
        form.instance.save(update_fields=["alt", "credit"])
        messages.success(request, _("Kept."))
        return see_other("faq:picture_list")
    picture.refresh_from_db(fields=["alt", "credit"])
    return render(
        request,
        "faq/picture_edit.html",
        {"form": form, "picture": picture},
        status=422 if form.errors else 200,
    )


@permitted("faq.write")
@require_safe
def picture_choice(request: PersonRequest) -> HttpResponse:
    """The newest, for the writing page to put into the text."""
    pictures = Picture.objects.visible_to(request.user).newest()[:TO_CHOOSE]
    return render(request, "faq/picture_choice.html", {"pictures": pictures})


@login_not_required
@require_safe
@conditional_page
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    return file(request, pk, "large")


@login_not_required
@require_safe
@conditional_page
def picture_small(request: HttpRequest, pk: UUID) -> HttpResponse:
    return file(request, pk, "small")


def file(request: HttpRequest, pk: UUID, size: str) -> HttpResponse:
    """For everybody while a public text holds it (F1), else for the desk: only then is asked who it is."""
    one, begun = Picture.objects.filter(pk=pk), timezone.now()
    public = one.public(begun).values_list(size, flat=True).first()
    if public:
        return answer(bytes(public), public_at=begun)
    hidden = one.visible_to(request.user).values_list(size, flat=True).first()
    if not hidden:
        raise Http404
    return answer(bytes(hidden))


def answer(content: bytes, *, public_at: datetime | None = None) -> HttpResponse:
    response = HttpResponse(content, content_type="image/webp")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Content-Disposition"] = "inline"
    if public_at:
        patch_cache_control(response, public=True, max_age=A_DAY, s_maxage=seconds_left(public_at))
    return response
