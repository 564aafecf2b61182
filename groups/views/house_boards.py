"""Screens on walls: a manager makes and ends their addresses; whoever has one sees today, and no names."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.feed import HouseBoardForm
from groups.forms.saving import taken_meanwhile
from groups.models import HouseBoard
from groups.models.house_board import address_of
from groups.views.secret_addresses import nothing_here
from groups.wall import Wall


@login_not_required
@require_safe
def house_board(request: HttpRequest, token: str) -> HttpResponse:
    """Asks nothing of a session: the browser of a wall is nobody."""
    board = HouseBoard.objects.with_token(token).first()
    if board is None:
        return nothing_here(request)
    part = "#day" if request.htmx else ""  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    context = {"board": board, "wall": Wall.at(timezone.now())}
    response = render(request, f"groups/house_board.html{part}", context)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@permitted("groups.manage_boards")
@require_http_methods(["GET", "HEAD", "POST"])
def house_boards(request: PersonRequest) -> HttpResponse:
    """The new address is this answer, and stands nowhere else."""
    form = HouseBoardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with taken_meanwhile(form):
            token = form.instance.open(by=request.user, now=timezone.now())
            shown = {"board": form.instance, "address": address_of(token)}
            return render(request, "groups/house_board_address.html", shown)
    boards = HouseBoard.objects.standing().select_related("created_by")
    context = {"form": form, "boards": boards}
    return render(request, "groups/house_boards.html", context, status=422 if form.errors else 200)


@permitted("groups.manage_boards")
@require_POST
def house_board_ending(request: PersonRequest, board_id: UUID) -> HttpResponse:
    board = get_object_or_404(HouseBoard, pk=board_id)
    board.revoke(by=request.user, now=timezone.now())
    messages.success(request, _("The screen shows nothing any more."))
    return see_other("groups:house_boards")
