from django.urls import path

from reviews import views

urlpatterns = [
    path("reports/", views.ReportList.as_view(), name="report-list"),
    path("items/<int:pk>/reports/add/", views.ReportAdd.as_view(), name="report-add"),
    path("reports/<int:pk>/edit/", views.ReportUpdate.as_view(), name="report-update"),
    path("reports/<int:pk>/appendices/add/", views.AppendixAdd.as_view(), name="appendix-add"),
    path("reports/<int:pk>/errata/add/", views.ErratumAdd.as_view(), name="erratum-add"),
    path("appendices/<int:pk>/edit/", views.AppendixUpdate.as_view(), name="appendix-update"),
    path("errata/<int:pk>/edit/", views.ErratumUpdate.as_view(), name="erratum-update"),
    path("themes/add/", views.ThemeAdd.as_view(), name="theme-add"),
    path("themes/<int:pk>/edit/", views.ThemeUpdate.as_view(), name="theme-update"),
    path("points/<int:pk>/themes/", views.PointThemes.as_view(), name="point-themes"),
    path("reports/<int:pk>/themes/", views.ReportThemes.as_view(), name="report-themes"),
]
