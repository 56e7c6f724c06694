from django.urls import path

from members.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.home, name="home"),
    path("<slug:slug>/", imports.job_list, name="list"),
    path("<slug:slug>/new/<slug:kind>/", imports.new, name="new"),
    path("<slug:slug>/new/<slug:kind>/template.xlsx", imports.template, name="template"),
    path("<slug:slug>/<uuid:pk>/", imports.job, name="job"),
    path("<slug:slug>/<uuid:pk>/confirm/", imports.confirm, name="confirm"),
    path("<slug:slug>/<uuid:pk>/cancel/", imports.cancel, name="cancel"),
    path("<slug:slug>/<uuid:pk>/errors.xlsx", imports.errors, name="errors"),
]
