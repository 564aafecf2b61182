from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from faq.models import Release
from faq.standing import unfinished
from recovery_site.home.today import words

SHOWN = 6


def compose(editor: User, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    texts = unfinished(editor, today)
    waits = [one for one in texts if one.waits]
    drafts = [one for one in texts if not one.waits][:SHOWN]
    return {
        "today": today,
        "heading": heading(len(waits), len(drafts)),
        "waits": waits,
        "drafts": drafts,
        "published": Release.objects.public(now).newest().for_lists()[:SHOWN],
    }


def heading(asking: int, drafts: int) -> str:
    if asking:
        text = ngettext("%(number)s text asks for you.", "%(number)s texts ask for you.", asking)
        return text % {"number": words.upper_number(asking)}
    if not drafts:
        return _("Nothing is waiting for you.")
    if drafts == SHOWN:
        return _("Some drafts are waiting for you.")
    text = ngettext("%(number)s draft is waiting for you.", "%(number)s drafts are waiting for you.", drafts)
    return text % {"number": words.upper_number(drafts)}
