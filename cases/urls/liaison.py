from django.urls import path

from cases.views.liaison import guide, operations, referral

app_name = "liaison"
urlpatterns = [
    path("", referral.referral_list, name="queue"),
    path("operations/", operations.operation_list, name="operations"),
    path("operations/new/", operations.report, name="report"),
    path("operations/<reference:reference>/", operations.operation, name="operation"),
    path("<reference:reference>/", referral.referral, name="referral"),
    path("<reference:reference>/guide/", guide.guide, name="guide"),
    path("<reference:reference>/answer/<slug:verb>/", referral.answer, name="answer"),
]
