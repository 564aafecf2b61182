from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.vault import Unreadable
from groups.forms.session_note import SessionNoteForm
from groups.models import Session, SessionNote


@permitted("groups.write_note")
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def session_note(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """The note of a session, for those who lead it (B6), and for whoever stands in, around it (B9)."""
    known = Session.objects.visible_to(request.user).select_related("group", "room")
    note = note_of(request, get_object_or_404(known, pk=session_id))
    if note.text is None:
        return unreadable(request, note)
    if request.method == "POST":
        return written(request, note)
    return writing(request, note, SessionNoteForm(initial={"text": note.text, "seen": note.revision}))


def note_of(request: PersonRequest, session: Session) -> SessionNote:
    """With its words, None where they cannot be opened. Revision 0 where nothing was written yet.

    Raises Http404 for whoever may read none.
    """
    notes = SessionNote.objects.visible_to(request.user).select_related("written_by", "session")
    note = notes.filter(session=session).first()
    if note is None:
        note = SessionNote(session=session, revision=0)
        note.text = ""
        if not SessionNote.seen_by.admits(note, request.user):
            raise Http404
        return note
    try:
        note.text = note.opened(by=request.user)
    except Unreadable:
        note.text = None
    return note


def writing(
    request: PersonRequest, note: SessionNote, form: SessionNoteForm, *, status: int = 200, both: bool = False
) -> HttpResponse:
    context = {"session": note.session, "note": note, "form": form, "both": both}
    return render(request, "groups/session_note.html", context, status=status)


def written(request: PersonRequest, note: SessionNote) -> HttpResponse:
    """The new text is kept, unless somebody else wrote after this page was opened: then both are shown."""
    form = SessionNoteForm(request.POST)
    if not form.is_valid():
        return writing(request, note, form, status=422)
    text, seen, now = form.cleaned_data["text"], form.cleaned_data["seen"], timezone.now()
    try:
        is_kept = note.session.write_note(text, seen=seen, by=request.user, now=now)
    except PermissionDenied as error:  # the session changed hands a moment ago
        raise Http404 from error
    except Unreadable:
        return unreadable(request, note)
    stored = note if is_kept else note_of(request, note.session)
    if is_kept or stored.text == text:
        messages.success(request, _("Kept."))
        return see_other(note.session)
    if stored.text is None:
        return unreadable(request, stored)
    again = SessionNoteForm(initial={"text": text, "seen": stored.revision})
    return writing(request, stored, again, status=422, both=True)


def unreadable(request: PersonRequest, note: SessionNote) -> HttpResponse:
    """What was typed meanwhile is shown again: it is kept nowhere."""
    typed = request.POST.get("text", "")
    context = {"session": note.session, "note": note, "typed": typed, "is_lost": True}
    return render(request, "groups/session_note.html", context, status=422 if typed else 200)
