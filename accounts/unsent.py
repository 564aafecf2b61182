"""Nothing typed is lost when its writer was signed out meanwhile, or the page had grown too old (J4).

A form with words carries a signed token that names its writer for a day, until they change their password,
and the views to which that form goes. What comes there with it and cannot be taken is sealed with the
writer's own key, and waits for them behind the sign-in page. The token opens nothing: it only says whose
words these are, and no other form can be put there in their name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, QueryDict
from django.urls import ResolverMatch, is_valid_path
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from accounts.models import Unsent, User
from accounts.sign_in.session_limits import is_shared
from accounts.vault import Unreadable

if TYPE_CHECKING:
    from accounts.models.unsent import Fields

WRITER, SENT_AGAIN = "writer", "unsent"  # names of hidden fields
WAITING = "unsent_waits"  # in the session: whether there is something, and not what
VALID_FOR = timedelta(hours=24)
LEFT_OUT = {"csrfmiddlewaretoken", WRITER, SENT_AGAIN}

# An app that knows a better place for the words of one of its forms: writer, fields, the ids in the address
# and the time, and out comes the address of the page where they stand now; empty where nothing is left to
# keep, None where it will not have them.
Taker = Callable[[User, QueryDict, dict[str, Any], datetime], str | None]
TAKERS: dict[str, Taker] = {}


def register(view_name: str, taker: Taker) -> None:
    TAKERS[view_name] = taker


def signer() -> TimestampSigner:
    return TimestampSigner(salt="accounts.unsent")


def token_of(person: User, *views: str) -> str:
    """For a form that goes to these views, by their names."""
    return signer().sign(" ".join([person.pk.hex, standing(person), *views]))


def standing(person: User) -> str:
    """Another one after the password was changed. Leaving the house changes nothing: one's words are one's
    own. Nor does signing out: no row tells an end that was asked for from one that came by itself."""
    return salted_hmac("accounts.unsent", person.password, algorithm="sha256").hexdigest()[:32]


def writer_of(request: HttpRequest) -> User | None:
    """Whose words these are. Nobody's where the token is forged, old or of a form that goes elsewhere, the
    account is closed, or somebody else is signed in by now."""
    try:
        key, mark, *views = signer().unsign(request.POST.get(WRITER, ""), max_age=VALID_FOR).split()
        person = User.objects.active().filter(pk=UUID(key)).first()
    except (BadSignature, ValueError):
        return None
    if person is None or not person.can_sign_in or mark != standing(person):
        return None
    if request.user.is_authenticated and request.user.pk != person.pk:
        return None
    match = request.resolver_match
    return person if match and match.view_name in views else None


@sensitive_variables()
def keep(request: HttpRequest) -> str | None:
    """The page where the words of this form wait for their writer. None where it has none to keep."""
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]  # no view has said so yet
    request.stopped_at_gate = True  # type: ignore[attr-defined]  # nothing was done with it
    match = request.resolver_match
    if request.method != "POST" or match is None:
        return None
    writer = writer_of(request)
    if writer is None:
        return None
    now, taker = timezone.now(), TAKERS.get(match.view_name)
    try:
        address = taker(writer, request.POST, match.kwargs, now) if taker else None
        if address is not None:
            if address and not request.user.is_authenticated and is_shared(request):
                # The sign-in page of a shared device names no page, so their own pages lead there (A4).
                Unsent.objects.keep([], by=writer, path=address, now=now)
            return address or None
        words, path = words_in(request.POST), path_of(request, match)
        kept = Unsent.objects.keep(words, by=writer, path=path, now=now)
    except Unreadable:
        return None
    if kept and request.user.is_authenticated:
        request.session[WAITING] = True
    return kept.get_absolute_url() if kept else None


def path_of(request: HttpRequest, match: ResolverMatch) -> str:
    """Where the form goes: what only asked for a look ahead goes to the page where it was written."""
    if not match.view_name.endswith(("_preview", "_dates")):
        return request.path
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() and is_valid_path(page.path) else request.path


def words_in(form: QueryDict) -> Fields:
    """Without what belongs to the sending. A password is never kept, wherever one should turn up."""
    return [
        (name, values)
        for name, values in form.lists()
        if name not in LEFT_OUT and "password" not in name.lower()
    ]


def settle(request: HttpRequest) -> None:
    """The form that had waited was sent again and taken: it waits no longer."""
    if not request.user.is_authenticated or getattr(request, "stopped_at_gate", False):
        return
    try:
        key = UUID(request.POST[SENT_AGAIN])
    except (KeyError, ValueError):
        return
    # What only looks ahead sends the whole form too, and takes nothing.
    Unsent.objects.visible_to(request.user).filter(pk=key, path=request.path).delete()
    remember(request, request.user)


def remember(request: HttpRequest, person: User) -> None:
    """Whether this session has something to show, so that no page has to ask the database."""
    waits = Unsent.objects.visible_to(person).exists()
    if waits and WAITING not in request.session:
        request.session[WAITING] = True
    elif not waits and WAITING in request.session:
        del request.session[WAITING]
