from django.urls import path

from recovery_site.home.views import (
    bringing,
    emergency,
    first_steps,
    health,
    help,
    leaving,
    letting_go,
    own_data,
    people,
    public,
    staff,
    stays,
    today,
    undelivered,
)

app_name = "home"
urlpatterns = [
    path("", public.front, name="front"),
    path("about/", public.about, name="about"),
    path("families/", public.families, name="families"),
    path("privacy/", public.privacy, name="privacy"),
    path("help/", help.help, name="help"),
    path("help/lines/", help.help_line_list, name="help_line_list"),
    path("help/lines/new/", help.help_line_create, name="help_line_create"),
    path("help/lines/<uuid:line_id>/", help.help_line_edit, name="help_line_edit"),
    path("leave/", help.leave, name="leave"),
    path("health/", health.health, name="health"),
    path("today/", today.today, name="today"),
    path("journal/<uuid:entry_id>/session/", bringing.bringing, name="bringing"),
    path(
        "bringings/<uuid:bringing_id>/withdrawal/", bringing.bringing_withdrawal, name="bringing_withdrawal"
    ),
    path("today/act/", today.act, name="act"),
    path("today/outreach/<uuid:task_id>/taking/", today.outreach_taking, name="outreach_taking"),
    path("today/outreach/<uuid:task_id>/closing/", today.outreach_closing, name="outreach_closing"),
    path("me/export/", own_data.export, name="export"),
    path("me/delete/", own_data.deletion, name="deletion"),
    path("gone/", own_data.gone, name="gone"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    path("first-steps/shared-device/", first_steps.shared_device, name="shared_device"),
    path("undelivered/", undelivered.undelivered, name="undelivered"),
    path(
        "undelivered/<uuid:notification_id>/retry/", undelivered.undelivered_retry, name="undelivered_retry"
    ),
    path("undelivered/<uuid:notification_id>/rest/", undelivered.undelivered_rest, name="undelivered_rest"),
    path("people/", people.people, name="people"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/admission/", stays.admission, name="admission"),
    path("people/<uuid:person_id>/stay/", stays.stay, name="stay"),
    path("people/<uuid:person_id>/care-team/", stays.care_team, name="care_team"),
    path(
        "people/<uuid:person_id>/care-team/<uuid:clinician_id>/ending/",
        stays.care_team_ending,
        name="care_team_ending",
    ),
    path(
        "people/<uuid:person_id>/care-team/<uuid:clinician_id>/primary/",
        stays.care_team_primary,
        name="care_team_primary",
    ),
    path("people/<uuid:person_id>/discharge/", letting_go.discharge, name="discharge"),
    path(
        "people/<uuid:person_id>/discharge/handover/",
        letting_go.reach_out_handover,
        name="reach_out_handover",
    ),
    path("people/<uuid:person_id>/death/", letting_go.death, name="death"),
    path("people/<uuid:person_id>/role/", staff.role, name="role"),
    path("people/<uuid:person_id>/leaving/", leaving.leaving, name="leaving"),
    path("people/<uuid:person_id>/leaving/closing/", leaving.closing, name="closing"),
    path("people/<uuid:person_id>/leaving/reopening/", leaving.reopening, name="reopening"),
    path("people/<uuid:person_id>/emergency/", emergency.emergency, name="emergency"),
    path(
        "people/<uuid:person_id>/emergency/ending/",
        emergency.emergency_ending,
        name="emergency_ending",
    ),
]
