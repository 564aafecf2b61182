"""What somebody reads before the first check-in (K9).

Whoever changes the sense of a sentence raises VERSION in the same commit: everybody is then asked again.
"""

from django.utils.translation import gettext_lazy as _

VERSION = 1
SENTENCES = (
    _("Your care team reads what you say here. Managers, editors and other people who live here do not."),
    _("In an emergency another clinician can read the last days, for an hour. You are told at once."),
    _(
        "Your care team reads check-ins on each working day. At night and at the weekend one can wait "
        "until the next."
    ),
    _(
        "A check-in is no emergency service. When it is too much, or you are in danger, call or text a help "
        "line. A person answers, day and night."
    ),
    _("Someone to talk to: your care team is told at once, and you read here who has seen it."),
    _("You need not answer everything. “Not today” is an answer too."),
)
