from django.urls import path

from reviews.views import cases, clocks, learning, reports, themes

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
    path("cases/", cases.CaseList.as_view(), name="case-list"),
    path("cases/timeliness/", cases.Timeliness.as_view(), name="timeliness"),
    path("cases/add/", cases.case_add, name="case-add"),
    path("cases/<int:pk>/", cases.CaseDetail.as_view(), name="case-detail"),
    path("cases/<int:pk>/edit/", cases.CaseUpdate.as_view(), name="case-update"),
    path("cases/<int:pk>/stages/<slug:code>/add/", cases.stage_add, name="stage-add"),
    path("cases/<int:pk>/take-back/", cases.stage_take_back, name="stage-take-back"),
    path("cases/<int:pk>/clocks/<slug:clock>/", cases.late_reason, name="late-reason"),
    path("cases/<int:pk>/themes/", cases.CaseThemes.as_view(), name="case-themes"),
    path(
        "cases/<int:pk>/presentations/add/", cases.CasePresentationAdd.as_view(), name="case-presentation-add"
    ),
    path("cases/<int:pk>/learning/add/", learning.LearningAdd.as_view(), name="learning-add"),
    path("stages/<int:pk>/edit/", cases.StageUpdate.as_view(), name="stage-update"),
    path("stages/<int:pk>/views/", cases.stage_views, name="stage-views"),
    path(
        "case-presentations/<int:pk>/edit/",
        cases.CasePresentationUpdate.as_view(),
        name="case-presentation-update",
    ),
    path("learning/", learning.LearningList.as_view(), name="learning-list"),
    path("learning/<int:pk>/edit/", learning.LearningUpdate.as_view(), name="learning-update"),
    path("learning/<int:pk>/steps/<slug:code>/add/", learning.learning_move, name="learning-move"),
    path("learning/<int:pk>/themes/", learning.LearningThemes.as_view(), name="learning-themes"),
    path(
        "learning/<int:pk>/dissemination/add/", learning.DisseminationAdd.as_view(), name="dissemination-add"
    ),
    path(
        "learning/<int:pk>/assurances/add/",
        learning.AgencyAssuranceAdd.as_view(),
        name="agency-assurance-add",
    ),
    path(
        "learning/<int:pk>/evidence/add/",
        learning.LearningEvidenceAdd.as_view(),
        name="learning-evidence-add",
    ),
    path("dissemination/<int:pk>/edit/", learning.DisseminationUpdate.as_view(), name="dissemination-update"),
    path(
        "assurances/<int:pk>/edit/", learning.AgencyAssuranceUpdate.as_view(), name="agency-assurance-update"
    ),
]
