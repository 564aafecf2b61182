from django.urls import path

from accounts.views import invitations, profile

app_name = "accounts"
urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/access/", profile.access, name="access"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
