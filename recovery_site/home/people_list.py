"""The lists of people, as a manager and as a clinician read them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.listing import Listed, folded, page
from accounts.models import Invitation, User
from accounts.models.user_queries import UserQuerySet
from accounts.roles import Role
from groups.templatetags.session_rows import paths


class Show(TextChoices):
    """Which of the people a manager reads."""

    HERE = "here", gettext_lazy("In the house")
    FORMER = "former", gettext_lazy("Lived here before")
    WAITING = "waiting", gettext_lazy("Not here yet")
    STAFF = "staff", gettext_lazy("Staff")
    CLINICIANS = "clinicians", gettext_lazy("Clinicians")
    EDITORS = "editors", gettext_lazy("Editors")
    MANAGERS = "managers", gettext_lazy("Managers")
    LEFT = "left", gettext_lazy("Worked here before")
    ALL = "all", gettext_lazy("Everybody")


ROLES = {Show.CLINICIANS: Role.CLINICIAN, Show.EDITORS: Role.EDITOR, Show.MANAGERS: Role.MANAGER}
OF_STAFF = {Show.STAFF, Show.LEFT, *ROLES}
WHERE: dict[Show, Any] = dict.fromkeys(OF_STAFF, gettext_lazy("Role")) | {
    Show.ALL: gettext_lazy("Stay or role")
}
NOTHING: dict[Show, Any] = {
    Show.HERE: gettext_lazy("Nobody is in the house just now."),
    Show.WAITING: gettext_lazy("Nobody is on the way to us."),
}


def chosen(manager: User, show: Show, on: date) -> UserQuerySet:
    everybody = User.objects.listed_for(manager, on).filter(erased_at=None)
    if show in ROLES:
        return everybody.active().filter(role=ROLES[show])
    match show:
        case Show.HERE:
            return everybody.in_house(on)
        case Show.FORMER:
            return everybody.were_here(on)
        case Show.WAITING:
            return everybody.not_here_yet()
        case Show.STAFF:
            return everybody.staff().active()
        case Show.LEFT:
            return everybody.staff().filter(is_active=False)
    return everybody


def for_manager(manager: User, now: datetime, *, show: str, words: str, after: UUID | None) -> dict[str, Any]:
    """In the house at first; whoever seeks by words seeks among everybody."""
    shown = Show(show or (Show.ALL if words else Show.HERE))
    today = timezone.localdate(now)
    people, more = page(chosen(manager, shown, today), reader=manager, after=after, words=words)
    invited = invitations(manager, now, words) if shown == Show.WAITING and not after else []
    return {
        "show": shown,
        "shows": shows(shown, words),
        "table": table(people, today, WHERE.get(shown, _("Stay"))),
        "invited": invited,
        "found": len(people) + len(invited),
        "after": people[-1].pk if more else None,
        "is_later": after is not None,
        "nothing": NOTHING.get(shown, _("Nobody.")),
    }


def shows(shown: Show, words: str) -> list[Show]:
    """The parts to choose from: those of the staff once one is there, everybody where words were sought."""
    parts = [Show.HERE, Show.FORMER, Show.WAITING, Show.STAFF]
    if shown in OF_STAFF:
        parts += [Show.CLINICIANS, Show.EDITORS, Show.MANAGERS, Show.LEFT]
    return [Show.ALL, *parts] if words or shown == Show.ALL else parts


def invitations(reader: User, now: datetime, words: str) -> list[Invitation]:
    """Those of clients that nobody has accepted, found by what staff call the person."""
    seen = Invitation.objects.visible_to(reader).open(now).for_newcomers()
    issued = seen.filter(role=Role.CLIENT).order_by("expires_at")
    sought = folded(words).split()
    return [each for each in issued if all(word in folded(each.label) for word in sought)]


def for_clinician(clinician: User, now: datetime, *, words: str, after: UUID | None) -> dict[str, Any]:
    """One's own clients, then everybody else in the house by chosen name and dates."""
    today = timezone.localdate(now)
    people, more = page(User.objects.listed_for(clinician, today), reader=clinician, after=after, words=words)
    return {
        "own": table([person for person in people if person.own], today, _("Stay")),
        "others": of_others(person for person in people if not person.own),
        "found": len(people),
        "after": people[-1].pk if more else None,
        "is_later": after is not None,
    }


def of_others(people: Iterable[Listed]) -> SafeString:
    """Name and dates alone, and the way in when something has happened (A10)."""
    way, label = paths("home:emergency"), _("In an emergency")
    row = '<li><bdi>{}</bdi> <small>{}</small> <small><a href="{}" aria-label="{}: {}">{}</a></small></li>'
    rows = (
        (person.name, since(person.admitted_on), way(person.pk), label, person.name, label)
        for person in people
    )
    return format_html_join("", row, rows)


def table(people: list[Listed], today: date, where: str) -> SafeString | str:
    """Name, stay or role as `where` says, and for clients bed and primary clinician.

    In Python: a template takes ten times as long for each row.
    """
    if not people:
        return ""
    address = paths("home:person")
    labels = [where, _("Bed"), _("Primary clinician")]
    if all(person.role != Role.CLIENT for person in people):
        labels = labels[:1]
    head = format_html_join("", '<th scope="col">{}</th>', ((label,) for label in [_("Name"), *labels]))
    cells = format_html_join("", '<td data-label="{}">{{}}</td>', ((label,) for label in labels))
    name = '<tr><th scope="row"><a href="{}"><bdi>{}</bdi></a>{}</th>'
    rows = (
        (
            *(address(person.pk), person.name, small(person.pronouns)),
            *(place(person), bed(person, today), person.primary or "")[: len(labels)],
        )
        for person in people
    )
    body = format_html_join("", SafeString(f"{name}{cells}</tr>"), rows)
    return format_html(
        '<table class="roster stacks"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body
    )


def small(text: str) -> SafeString | str:
    return format_html(" <small>{}</small>", text) if text else ""


def place(person: Listed) -> str:
    """A stay in words for a client, the role for a colleague."""
    if person.role != Role.CLIENT:
        role = str(Role(person.role).label)
        return role if person.is_active else _("%(role)s, until they left") % {"role": role}
    if person.admitted_on is None:
        return _("not here yet")
    if person.discharged_on is None:
        return since(person.admitted_on)
    days = {"first": day(person.admitted_on), "last": day(person.discharged_on)}
    return _("%(first)s to %(last)s") % days


def bed(person: Listed, today: date) -> str:
    """Of somebody who is in it."""
    over = person.discharged_on is not None and person.discharged_on <= today
    return "" if over else person.bed or ""


def since(admitted_on: date | None) -> str:
    return _("since %(day)s") % {"day": date_format(admitted_on, "j F")} if admitted_on else ""


def day(on: date) -> str:
    return date_format(on, "j F Y")
