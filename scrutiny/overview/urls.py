from django.urls import path

from scrutiny.overview import audit, calendars, checks, search, themes, views
from scrutiny.overview.papers.views import meeting_paper, meeting_papers

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("search/", search.Search.as_view(), name="search"),
    path("checks/", checks.CheckList.as_view(), name="check-list"),
    path("boards/", views.BoardList.as_view(), name="board-list"),
    path("boards/<int:pk>/", views.BoardDetail.as_view(), name="board-detail"),
    path("meetings/<int:pk>/", views.MeetingDetail.as_view(), name="meeting-detail"),
    path("meetings/<int:pk>/papers/", meeting_papers, name="meeting-papers"),
    path("meetings/<int:pk>/papers/<slug:name>/", meeting_paper, name="meeting-paper"),
    path("reports/<int:pk>/", views.ReportDetail.as_view(), name="report-detail"),
    path("themes/", themes.ThemeList.as_view(), name="theme-list"),
    path("themes/<int:pk>/", themes.ThemeDetail.as_view(), name="theme-detail"),
    path("learning/<int:pk>/", views.LearningDetail.as_view(), name="learning-detail"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/renew/", calendars.calendar_renew, name="calendar-renew"),
    path("calendar/<str:token>.ics", calendars.calendar_feed, name="calendar-feed"),
    path("audit/", audit.SealList.as_view(), name="seal-list"),
    path("audit/events/", audit.EventList.as_view(), name="event-list"),
    path("history/<slug:noun>/<int:pk>/", views.history, name="history"),
]
