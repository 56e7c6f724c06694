from django.urls import path

from cases.views import public, watch_lists

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("impact/", public.impact, name="impact"),
    path("impact.csv", public.impact_csv, name="impact_csv"),
    path("marketplaces/", watch_lists.page, name="watch_lists"),
    path("marketplaces/<slug:slug>/", watch_lists.marketplace, name="marketplace"),
    path("marketplaces.csv", watch_lists.as_csv, name="watch_lists_csv"),
    path("robots.txt", public.robots, name="robots"),
    path("favicon.ico", public.favicon, name="favicon"),
]
