from django.urls import path

from accounts.views import invitations, profile, session

app_name = "accounts"
urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/staying/", session.staying, name="staying"),
    path("me/access/", profile.access, name="access"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
