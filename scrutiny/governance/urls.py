from django.urls import path

from scrutiny.governance import disposal_views as disposals
from scrutiny.governance import problem_views as problems
from scrutiny.governance import views

urlpatterns = [
    path("disposals/", disposals.due_for_disposal, name="disposal-list"),
    path("disposals/add/", disposals.disposal_add, name="disposal-add"),
    path("disposals/<int:pk>/", disposals.disposal_detail, name="disposal-detail"),
    path("disposals/<int:pk>/approve/", disposals.disposal_approve, name="disposal-approve"),
    path("disposals/<int:pk>/refuse/", disposals.disposal_refuse, name="disposal-refuse"),
    path("disposals/<int:pk>/carry-out/", disposals.disposal_carry_out, name="disposal-carry-out"),
    path("disposals/<int:pk>/certificate/", disposals.disposal_certificate, name="disposal-certificate"),
    path("holds/add/", disposals.hold_add, name="hold-add"),
    path("holds/<int:pk>/lift/", disposals.hold_lift, name="hold-lift"),
    path("data-problems/", problems.DataProblemList.as_view(), name="data-problem-list"),
    path("data-problems/add/", problems.data_problem_add, name="data-problem-add"),
    path("data-problems/<int:pk>/", problems.data_problem_detail, name="data-problem-detail"),
    path("data-problems/<int:pk>/lift/", problems.data_problem_lift, name="data-problem-lift"),
    path("redactions/", views.RedactionList.as_view(), name="redaction-list"),
    path("redactions/add/", views.redaction_add, name="redaction-add"),
    path("redactions/<int:pk>/", views.redaction_detail, name="redaction-detail"),
    path("redactions/<int:pk>/approve/", views.redaction_approve, name="redaction-approve"),
    path("redactions/<int:pk>/refuse/", views.redaction_refuse, name="redaction-refuse"),
]
