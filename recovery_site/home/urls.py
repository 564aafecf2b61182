from django.urls import path

from recovery_site.home.views import (
    emergency,
    first_steps,
    health,
    help,
    own_data,
    people,
    public,
    staff,
    stays,
    today,
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
    path("today/act/", today.act, name="act"),
    path("today/outreach/<uuid:task_id>/taking/", today.outreach_taking, name="outreach_taking"),
    path("today/outreach/<uuid:task_id>/closing/", today.outreach_closing, name="outreach_closing"),
    path("me/export/", own_data.export, name="export"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    path("first-steps/shared-device/", first_steps.shared_device, name="shared_device"),
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
    path("people/<uuid:person_id>/role/", staff.role, name="role"),
    path("people/<uuid:person_id>/emergency/", emergency.emergency, name="emergency"),
]
