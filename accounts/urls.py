from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/access/", views.access, name="access"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
