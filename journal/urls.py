from django.urls import path

from journal.views import entries, listing, shared

app_name = "journal"
urlpatterns = [
    path("journal/", listing.entry_list, name="entry_list"),
    path("journal/new/", entries.entry_create, name="entry_create"),
    path("journal/shared/", shared.shared_list, name="shared_list"),
    path("journal/shared/<uuid:pk>/", shared.shared_page, name="shared_page"),
    path("journal/shared/<uuid:pk>/answer/", shared.answer, name="answer"),
    path("journal/<uuid:pk>/", entries.entry_detail, name="entry_detail"),
    path("journal/<uuid:pk>/edit/", entries.entry_edit, name="entry_edit"),
    path("journal/<uuid:pk>/deletion/", entries.entry_delete, name="entry_delete"),
]
