from django.urls import path

from accounts.views import (
    addresses,
    arrivals,
    cards,
    duty,
    invitations,
    language,
    profile,
    reach,
    record,
    session,
    unsent,
)

app_name = "accounts"
urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("language/", language.choice, name="language"),
    path("me/reach/", reach.reach, name="reach"),
    path("me/reach/devices/", reach.push_device_list, name="push_device_list"),
    path(
        "me/reach/devices/<uuid:device_id>/forgetting/",
        reach.push_device_forgetting,
        name="push_device_forgetting",
    ),
    path("me/staying/", session.staying, name="staying"),
    path("unsent/", unsent.unsent_list, name="unsent_list"),
    path("unsent/<uuid:pk>/", unsent.unsent, name="unsent"),
    path("unsent/<uuid:pk>/deletion/", unsent.unsent_deletion, name="unsent_deletion"),
    path("me/access/", record.access, name="access"),
    path("duty/", duty.duty, name="duty"),
    path("duty/<uuid:shift_id>/", duty.duty_edit, name="duty_edit"),
    path("duty/<uuid:shift_id>/removal/", duty.duty_removal, name="duty_removal"),
    path("people/audit/", record.audit, name="audit"),
    path("me/address/", addresses.address_edit, name="address_edit"),
    path("me/address/<str:token>/", addresses.address, name="address"),
    path("invitations/<str:token>/", arrivals.invitation, name="invitation"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/revocation/", invitations.revocation, name="revocation"),
    path("people/<uuid:person_id>/card/", cards.card, name="card"),
    path("people/cards/<uuid:card_id>/approval/", cards.card_approval, name="card_approval"),
]
