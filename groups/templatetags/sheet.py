"""The rows of the attendance sheet: written in a template, each would take ten times as long."""

from collections.abc import Collection
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groups.forms import AttendanceForm
from groups.sheet_rows import Row

register = template.Library()

PERSON = """<tr data-client="{pk}" data-fitting="{fitting}" data-recorded="{recorded}">
  <th scope="row" id="name-{pk}"><b>{person}</b>{pronouns}{tag}</th>
  <td><div class="marks"><div role="radiogroup" aria-labelledby="name-{pk}" aria-describedby="state-{pk}"><div class="choice" id="id_{pk}">{marks}</div></div>
    <button class="button plain clear" name="clear" value="{pk}">{clear}<span class="sr"> {person}</span></button>
    <small class="state" id="state-{pk}">{note}</small></div><input type="hidden" name="was-{pk}" value="{was}"></td>
</tr>
"""  # noqa: E501  # as a browser gets it
MARK = (
    '<label for="id_{pk}_{n}"><input type="radio" name="{pk}" value="{value}" id="id_{pk}_{n}">'
    " <span>{label}</span></label>"
)
NONE = UUID(int=0)
NOTHING = SafeString("")


@register.simple_tag
def sheet_rows(form: AttendanceForm) -> SafeString:
    """A row for each person, a choice of marks in each."""
    count = recorded(form.rows)
    kinds = {row.walked_in: row for row in form.rows}  # with a place, and without
    blanks = {walked_in: marks_to_make(row) for walked_in, row in kinds.items()}
    rows = ((written(row, form.typed(row), count, hint(row), blanks[row.walked_in]),) for row in form.rows)
    return format_html_join("", "{}", rows)


@register.simple_tag
def sheet_row(row: Row, rows: Collection[Row], refusal: object = None, stands: bool = False) -> SafeString:
    """One of them, after a mark. It says so where somebody else's mark stands."""
    note = hint(row)
    if refusal:
        note = str(refusal)
    elif stands:
        note = _("Choose again if it is wrong.")
        if row.mark:
            note = f"{_('At %(time)s %(name)s marked this; it stands.') % whose(row)} {note}"
        else:
            note = f"{_('The mark was taken back meanwhile.')} {note}"
    return written(row, row.mark, recorded(rows), note, marks_to_make(row))


def whose(row: Row) -> dict[str, str]:
    local = timezone.localtime(row.marked_at)
    return {"name": row.marked_by, "time": date_format(local, "g:i a")}


@register.simple_tag(name="recorded")
def recorded_of(form: AttendanceForm) -> str:
    return recorded(form.rows)


def recorded(rows: Collection[Row]) -> str:
    marked = sum(bool(row.mark) for row in rows)
    return _("%(recorded)s of %(all)s recorded") % {"recorded": marked, "all": len(rows)}


def hint(row: Row) -> str:
    """An apology suggests a mark, and makes none (B7)."""
    return _("They sent word that they cannot come. Excused fits.") if row.apology_at and not row.mark else ""


def marks_to_make(row: Row) -> str:
    """What there is to choose, of nobody yet: it is the same for each row, and takes longest to write."""
    marks = (
        {"pk": NONE, "n": n, "value": value, "label": label} for n, (value, label) in enumerate(row.choices)
    )
    return format_html_join("", MARK, marks)


def choice(row: Row, chosen: str, blank: str) -> SafeString:
    marks = blank.replace(str(NONE), str(row.person.pk))
    for n, (value, _label) in enumerate(row.choices):
        if value == chosen:
            field = f'id="id_{row.person.pk}_{n}"'
            marks = marks.replace(f"{field}>", f"{field} checked>")
    return SafeString(marks)


def written(row: Row, chosen: str, count: str, note: str, blank: str) -> SafeString:
    pk, person = row.person.pk, row.person
    return format_html(
        PERSON,
        pk=pk,
        person=person,
        pronouns=format_html(" <small>{}</small>", person.pronouns) if person.pronouns else NOTHING,
        tag=tag(row),
        marks=choice(row, chosen, blank),
        clear=_("Clear"),
        was=row.mark,
        note=note,
        fitting=row.fitting,
        recorded=count,
    )


def tag(row: Row) -> SafeString:
    if row.walked_in:
        return format_html(' <span class="tag">{}</span>', _("Came without a place"))
    if not row.on_list:
        return format_html(' <span class="tag">{}</span>', _("No longer on the list"))
    if row.apology_at:
        return format_html(' <span class="tag wait">{}</span>', _("Sent word"))
    return NOTHING
