from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("push-worker.js", views.push_worker, name="push_worker"),
    path("notices/", views.notices, name="notices"),
    path("notices/reading/", views.reading, name="reading"),
    path("notices/<uuid:notification_id>/", views.notice, name="notice"),
]
