from django.urls import path

from reviews import views

urlpatterns = [
    path("reports/", views.ReportList.as_view(), name="report-list"),
    path("items/<int:pk>/reports/add/", views.ReportAdd.as_view(), name="report-add"),
    path("reports/<int:pk>/edit/", views.ReportUpdate.as_view(), name="report-update"),
    path("reports/<int:pk>/appendices/add/", views.AppendixAdd.as_view(), name="appendix-add"),
    path("reports/<int:pk>/errata/add/", views.ErratumAdd.as_view(), name="erratum-add"),
    path(
        "reports/<int:pk>/presentations/add/",
        views.ReportPresentationAdd.as_view(),
        name="report-presentation-add",
    ),
    path("appendices/<int:pk>/edit/", views.AppendixUpdate.as_view(), name="appendix-update"),
    path("errata/<int:pk>/edit/", views.ErratumUpdate.as_view(), name="erratum-update"),
    path(
        "report-presentations/<int:pk>/edit/",
        views.ReportPresentationUpdate.as_view(),
        name="report-presentation-update",
    ),
]
