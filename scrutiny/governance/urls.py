from django.urls import path

from scrutiny.governance import views

urlpatterns = [
    path("redactions/", views.RedactionList.as_view(), name="redaction-list"),
    path("redactions/add/", views.redaction_add, name="redaction-add"),
    path("redactions/<int:pk>/", views.redaction_detail, name="redaction-detail"),
    path("redactions/<int:pk>/approve/", views.redaction_approve, name="redaction-approve"),
    path("redactions/<int:pk>/refuse/", views.redaction_refuse, name="redaction-refuse"),
]
