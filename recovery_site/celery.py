import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, before_task_publish, task_prerun, worker_init
from django.db import close_old_connections
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")

TRANSPORT_ALIASES["filesystem"] = "recovery_site.broker:Transport"

app = Celery("recovery_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

TICK_SECONDS = 10
AN_HOUR = 3600  # in seconds

# Beat is only a clock: what is due stands in the database, so a tick that nobody took may expire.
app.conf.beat_schedule = {
    "plan reminders": {
        "task": "checkins.plan_reminders",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    "deliver": {
        "task": "notifications.deliver",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    # Who needs somebody waits for no minute (K7).
    "call next": {
        "task": "accounts.call_next",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS},
    },
    # Days are counted, so minutes matter to nobody (K6).
    "climb ladder": {
        "task": "home.climb_ladder",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    # A minute is exact enough for what is held for hours (B4).
    "turn waitlists": {
        "task": "groups.turn_waitlists",
        "schedule": 60,
        "options": {"expires": 60},
    },
    # Who came to the house or to a group since, and what was laid out (B6).
    "expect people": {
        "task": "groups.expect",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    # Nobody can read what is over; this destroys the copies soon after (J2).
    "end shares": {
        "task": "journal.end_shares",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    # Just after midnight of the program's zone: a day of those who left is over.
    "close departed": {"task": "home.close_departed", "schedule": crontab(hour=0, minute=5)},
    "tell before closing": {"task": "home.tell_before_closing", "schedule": crontab(hour=0, minute=10)},
    "back up": {"task": "home.back_up", "schedule": crontab(hour=2, minute=30)},
    "finish erasures": {"task": "home.finish_erasures", "schedule": crontab(hour=3, minute=30)},
    "lay out sessions": {"task": "groups.lay_out", "schedule": crontab(hour=4, minute=10)},
    "ask for sheets": {
        "task": "groups.ask_for_sheets",
        "schedule": crontab(minute=25),
        "options": {"expires": AN_HOUR},
    },
    # What was deleted can be brought back for a day; an hour more does no harm.
    "erase deleted pages": {
        "task": "journal.erase_deleted",
        "schedule": crontab(minute=40),
        "options": {"expires": AN_HOUR},
    },
    "seal records": {"task": "accounts.seal_records", "schedule": crontab(hour=4, minute=20)},
    "clear sessions": {"task": "accounts.clear_sessions", "schedule": crontab(hour=4, minute=40)},
    "forget encouragements": {"task": "groups.forget_encouragements", "schedule": crontab(hour=4, minute=50)},
    "forget unsent": {"task": "accounts.forget_unsent", "schedule": crontab(hour=4, minute=55)},
    "forget labels": {"task": "accounts.forget_labels", "schedule": crontab(hour=4, minute=45)},
    # A few at a time, so that no other work waits for a slow site.
    "check links": {
        "task": "faq.check_links",
        "schedule": crontab(minute="*/10", hour="1,2"),
        "options": {"expires": 600},
    },
    "forget what the library need not know": {"task": "faq.forget", "schedule": crontab(hour=4, minute=35)},
}


# These processes live for months and keep their connections, also those that a server has ended.
task_prerun.connect(close_old_connections)


@worker_init.connect
@beat_init.connect
def begin(**_: object) -> None:
    from recovery_site import start

    start.begin()


@before_task_publish.connect
def beat_is_alive(**_: object) -> None:
    """Only beat publishes tasks, so a published task is its heartbeat."""
    from notifications.models import Heartbeat

    close_old_connections()
    Heartbeat.beat("beat")
