from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.crowding import crowded
from groups.forms import RoomForm
from groups.forms.saving import taken_meanwhile
from groups.models import Room
from groups.refusals import NotReady, Refused, RoomInUse

LISTED = 12


@permitted("groups.manage_rooms")
def room_list(request: PersonRequest) -> HttpResponse:
    form = RoomForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with taken_meanwhile(form):
            form.instance.keep(by=request.user, now=timezone.now())
            messages.success(request, _("The room is there."))
            return see_other("groups:room_list")
    context = {"form": form, "rooms": Room.objects.all()}
    return render(request, "groups/room_list.html", context, status=422 if form.errors else 200)


@permitted("groups.manage_rooms")
def room_edit(request: PersonRequest, room_id: UUID) -> HttpResponse:
    room = get_object_or_404(Room, pk=room_id)
    form = RoomForm(request.POST if request.method == "POST" else None, instance=room)
    if request.method == "POST" and form.is_valid():
        try:
            with taken_meanwhile(form):
                room.keep(by=request.user, now=timezone.now())
                messages.success(request, _("Kept."))
                return see_other(room)
        except NotReady as refusal:
            form.add_error("turnover_minutes", str(refusal))
            return room_page(request, room, form, refusal)
    return room_page(request, room, form)


@require_POST
@permitted("groups.manage_rooms")
def room_closing(request: PersonRequest, room_id: UUID) -> HttpResponse:
    """Takes it out of use, or opens it again."""
    room = get_object_or_404(Room, pk=room_id)
    try:
        if "open" in request.POST:
            room.open(by=request.user)
            messages.success(request, _("The room is open again."))
        else:
            room.close(by=request.user, now=timezone.now())
            messages.success(request, _("The room is closed. Nothing can be planned in it."))
    except RoomInUse as refusal:
        return room_page(request, room, RoomForm(instance=room), refusal)
    return see_other(room)


def room_page(
    request: PersonRequest, room: Room, form: RoomForm, refusal: Refused | None = None
) -> HttpResponse:
    now = timezone.now()
    in_use = room.sessions.none() if room.closed_at else room.in_use(now)
    goes_on = room.series.none() if room.closed_at else room.series.unfinished()
    context = {
        "form": form,
        "room": Room.objects.get(pk=room.pk),  # as it stands, whatever was typed
        "refusal": refusal,
        "pairs": getattr(refusal, "pairs", [])[:LISTED],
        "why_open": RoomInUse.message,
        "goes_on": goes_on.select_related("group").order_by("group__name", "pk"),
        "in_use": in_use.select_related("group")[:LISTED],
        "crowded": crowded(room.sessions.upcoming(now)),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "groups/room_edit.html", context, status=status)
