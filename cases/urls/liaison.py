from django.urls import path

from cases.views import liaison, liaison_operations

app_name = "liaison"
urlpatterns = [
    path("", liaison.queue, name="queue"),
    path("operations/", liaison_operations.operation_list, name="operations"),
    path("operations/new/", liaison_operations.report, name="report"),
    path("operations/<reference:reference>/", liaison_operations.operation, name="operation"),
    path("<reference:reference>/", liaison.referral, name="referral"),
    path("<reference:reference>/answer/<slug:verb>/", liaison.answer, name="answer"),
]
