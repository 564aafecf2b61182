from django.urls import path

from journal.views import entries, keeping, listing, on_this_day, search, selection, shared

app_name = "journal"
urlpatterns = [
    path("journal/", listing.entry_list, name="entry_list"),
    path("journal/new/", entries.entry_create, name="entry_create"),
    path("journal/shared/", shared.shared_list, name="shared_list"),
    path("journal/shared/<uuid:pk>/", shared.shared_page, name="shared_page"),
    path("journal/shared/<uuid:pk>/answer/", shared.answer, name="answer"),
    path("journal/search/", search.entry_search, name="entry_search"),
    path("journal/<uuid:pk>/", entries.entry_detail, name="entry_detail"),
    path("journal/<uuid:pk>/edit/", entries.entry_edit, name="entry_edit"),
    path("journal/<uuid:pk>/deletion/", keeping.entry_delete, name="entry_delete"),
    path("journal/<uuid:pk>/deletion/withdrawal/", keeping.entry_bring_back, name="entry_bring_back"),
    path("journal/<uuid:pk>/erasure/", keeping.entry_erase, name="entry_erase"),
    path("journal/<uuid:pk>/rest/", keeping.entry_rest, name="entry_rest"),
    path("journal/<uuid:pk>/rest/withdrawal/", keeping.entry_rest_withdrawal, name="entry_rest_withdrawal"),
    path("journal/on-this-day/", on_this_day.on_this_day, name="on_this_day"),
    path("journal/selection/", selection.selection, name="selection"),
]
