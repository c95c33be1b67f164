from django.urls import path

from reviews.views import clocks, reports, themes

urlpatterns = [
    path("clocks/", clocks.ClockList.as_view(), name="clock-list"),
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("items/<int:pk>/reports/add/", reports.ReportAdd.as_view(), name="report-add"),
    path("reports/<int:pk>/edit/", reports.ReportUpdate.as_view(), name="report-update"),
    path("reports/<int:pk>/appendices/add/", reports.AppendixAdd.as_view(), name="appendix-add"),
    path("reports/<int:pk>/errata/add/", reports.ErratumAdd.as_view(), name="erratum-add"),
    path(
        "reports/<int:pk>/presentations/add/",
        reports.ReportPresentationAdd.as_view(),
        name="report-presentation-add",
    ),
    path("appendices/<int:pk>/edit/", reports.AppendixUpdate.as_view(), name="appendix-update"),
    path("errata/<int:pk>/edit/", reports.ErratumUpdate.as_view(), name="erratum-update"),
    path(
        "report-presentations/<int:pk>/edit/",
        reports.ReportPresentationUpdate.as_view(),
        name="report-presentation-update",
    ),
    path("themes/add/", themes.ThemeAdd.as_view(), name="theme-add"),
    path("themes/<int:pk>/edit/", themes.ThemeUpdate.as_view(), name="theme-update"),
    path("points/<int:pk>/themes/", themes.PointThemes.as_view(), name="point-themes"),
    path("reports/<int:pk>/themes/", themes.ReportThemes.as_view(), name="report-themes"),
]
