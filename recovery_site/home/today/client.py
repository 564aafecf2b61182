from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Subquery, UUIDField
from django.utils import timezone

from accounts.models import User
from checkins import outreach
from checkins.answers import Mood
from checkins.models import CheckIn
from checkins.picture import Picture
from groups.models import Encouragement, Session
from journal.models import Reply
from journal.prompts import prompt_for
from notifications.models import Notification
from recovery_site.home.acts import act_of
from recovery_site.home.today import words

DAYS = 14


def compose(client: User, now: datetime, turn: int = 0) -> dict[str, Any]:
    """A client's page. The day of the house is the program's, that of the check-in the person's own."""
    today, own_day = timezone.localdate(now), client.local_day(now)
    check_ins = CheckIn.objects.visible_to(client).with_wish()
    days = check_ins.days(client, by=client, until=own_day, days=DAYS, now=now)
    sessions, offers = Session.objects.day_and_offers(client, today, now)
    answered = sum(row.check_in is not None for row in days)
    return {
        "today": today,
        "now": now,
        "greeting": words.greeting(now.astimezone(client.zone)),
        "said": days[-1],
        "outreach": wish_of(days[-1].check_in),
        "moods": Mood.choices,
        "who_reads": outreach.who_reads(client, list(outreach.readers(client))),
        "sessions": sessions,
        "offers": offers,
        "prompt": prompt_for(client, own_day),
        "picture": Picture([(row.day, row.answers.mood if row.answers else None) for row in days]),
        "answered": answered,
        "answered_words": words.upper_number(answered),
        **arrived(client, today, now),
        **small_act(client, now, turn),
    }


def arrived(client: User, today: date, now: datetime) -> dict[str, Any]:
    """The stay and what came in, in one query; one more where somebody sent a kind sentence."""
    unread = Notification.objects.visible_to(client).unread()
    kind = Encouragement.objects.visible_to(client)
    was_sent = Exists(
        kind.lately_to(client, now)
    )  # a plain question: whether it may be shown costs much more
    unseen = Reply.objects.visible_to(client).unseen().values("share__entry")[:1]
    stays = client.stays.current(today).annotate(has_news=Exists(unread), was_sent=was_sent)
    stay = stays.annotate(answered_page=Subquery(unseen, output_field=UUIDField())).first()
    return {
        "stay_day": stay and stay.day_number(today),
        "has_news": stay and stay.has_news,
        "answered_page": stay and stay.answered_page,
        "encouragements": kind.shown_to(client, now) if stay and stay.was_sent else [],
    }


def wish_of(check_in: CheckIn | None) -> outreach.Standing | None:
    """What came of asking for someone; no query where nobody was asked for."""
    return outreach.standing(check_in) if check_in and check_in.has_wish else None


def small_act(client: User, now: datetime, turn: int) -> dict[str, Any]:
    return {"act": act_of(client.local_day(now), turn), "next_turn": turn + 1}
