from django.urls import path

from actions import views
from actions.minutes import views as minutes
from actions.tracker import views as tracker

urlpatterns = [
    path("actions/", views.ActionList.as_view(), name="action-list"),
    path("actions/<int:pk>/", views.ActionDetail.as_view(), name="action-detail"),
    path("actions/<int:pk>/edit/", views.ActionUpdate.as_view(), name="action-update"),
    path("actions/<int:pk>/due-window/", views.action_due_window, name="action-due-window"),
    path("actions/<int:pk>/elements/add/", views.element_add, name="element-add"),
    path("actions/<int:pk>/answers/", views.action_answers, name="action-answers"),
    path("actions/<int:pk>/judge/", views.action_judge, name="action-judge"),
    path("actions/<int:pk>/as-at/", views.action_as_at, name="action-as-at"),
    path("resolutions/<int:pk>/actions/add/", views.action_add, name="action-add"),
    path("elements/", views.ElementList.as_view(), name="element-list"),
    path("elements/<int:pk>/", views.ElementDetail.as_view(), name="element-detail"),
    path("elements/<int:pk>/edit/", views.ElementUpdate.as_view(), name="element-update"),
    path("elements/<int:pk>/parts/add/", views.ElementPartAdd.as_view(), name="element-part-add"),
    path("elements/<int:pk>/condition/", views.element_condition, name="element-condition"),
    path("elements/<int:pk>/learning/", views.element_learning, name="element-learning"),
    path("elements/<int:pk>/progress/", views.element_progress, name="element-progress"),
    path("elements/<int:pk>/themes/", views.ElementThemes.as_view(), name="element-themes"),
    path("updates/<int:pk>/evidence/add/", views.evidence_add, name="evidence-add"),
    path("evidence/<int:pk>/file/", views.evidence_file, name="evidence-file"),
    path("undertakings/", views.UndertakingList.as_view(), name="undertaking-list"),
    path("meetings/<int:pk>/suggestions/", tracker.tracker_suggestions, name="tracker-suggestions"),
    path("tracker-imports/", tracker.TrackerImportList.as_view(), name="tracker-import-list"),
    path("tracker-imports/add/", tracker.tracker_import_add, name="tracker-import-add"),
    path("tracker-imports/<int:pk>/", tracker.tracker_import_detail, name="tracker-import-detail"),
    path("tracker-imports/<int:pk>/apply/", tracker.tracker_import_apply, name="tracker-import-apply"),
    path("tracker-imports/<int:pk>/drop/", tracker.tracker_import_drop, name="tracker-import-drop"),
    path("minutes/", minutes.ImportList.as_view(), name="import-list"),
    path("minutes/add/", minutes.import_add, name="import-add"),
    path("minutes/<int:pk>/", minutes.import_detail, name="import-detail"),
    path("minutes/<int:pk>/progress/", minutes.import_progress, name="import-progress"),
    path("minutes/<int:pk>/text/", minutes.import_text, name="import-text"),
    path("minutes/<int:pk>/items/", minutes.import_items, name="import-items"),
    path("minutes/<int:pk>/meeting/", minutes.import_meeting, name="import-meeting"),
    path("minutes/<int:pk>/save/", minutes.import_save, name="import-save"),
    path("minutes/<int:pk>/drop/", minutes.import_drop, name="import-drop"),
    path("minutes/<int:pk>/<slug:group>/", minutes.import_group, name="import-group"),
]
