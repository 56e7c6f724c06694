from django.urls import include, path

from cases.views import operations, overdue, triage, triage_actions

app_name = "triage"
urlpatterns = [
    path("", triage.case_list, name="list"),
    path("next/", triage_actions.claim_next, name="next"),
    path("channels/", include("cases.urls.channels")),
    path("operations/", operations.operation_list, name="operations"),
    path("operations/<reference:reference>/", operations.operation, name="operation"),
    path("operations/<reference:reference>/verify/", operations.verify, name="verify"),
    path("operations/<reference:reference>/retract/", operations.retract, name="retract"),
    path("overdue/", overdue.overdue_list, name="overdue"),
    path("overdue/<int:pk>/remind/", overdue.remind, name="remind"),
    path("<reference:reference>/", triage.case, name="case"),
    path("<reference:reference>/claim/", triage_actions.claim, name="claim"),
    path("<reference:reference>/release/", triage_actions.release, name="release"),
    path("<reference:reference>/comment/", triage_actions.comment, name="comment"),
    path(
        "<reference:reference>/request-information/",
        triage_actions.request_information,
        name="request_information",
    ),
    path("<reference:reference>/listings/", triage_actions.decide_listings, name="listings"),
    path("<reference:reference>/uphold/", triage_actions.uphold, name="uphold"),
    path("<reference:reference>/reject/", triage_actions.reject, name="reject"),
    path("<reference:reference>/removed/", triage_actions.record_removal, name="removed"),
    path(
        "<reference:reference>/counter-notice/",
        triage_actions.record_counter_notice,
        name="counter_notice",
    ),
    path("<reference:reference>/uphold-again/", triage_actions.uphold_again, name="uphold_again"),
    path("<reference:reference>/reinstate/", triage_actions.reinstate, name="reinstate"),
    path("<reference:reference>/close/", triage_actions.close, name="close"),
    path("<reference:reference>/refer/", triage_actions.refer, name="refer"),
    path(
        "<reference:reference>/withdraw-referral/",
        triage_actions.withdraw_referral,
        name="withdraw_referral",
    ),
]
