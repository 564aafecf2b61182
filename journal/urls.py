from django.urls import path

from journal import views

app_name = "journal"
urlpatterns = [
    path("journal/", views.entry_list, name="entry_list"),
    path("journal/new/", views.entry_create, name="entry_create"),
    path("journal/<uuid:pk>/", views.entry_detail, name="entry_detail"),
    path("journal/<uuid:pk>/edit/", views.entry_edit, name="entry_edit"),
    path("journal/<uuid:pk>/deletion/", views.entry_delete, name="entry_delete"),
]
