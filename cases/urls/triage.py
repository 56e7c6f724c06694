from django.urls import include, path

from cases.views import found_contacts
from cases.views.triage import (
    actions,
    applications,
    case_list,
    held,
    macros,
    members,
    operations,
    overdue,
    presence,
    rights,
    roster,
    teamwork,
)

app_name = "triage"
urlpatterns = [
    path("", case_list.case_list, name="list"),
    path("next/", actions.claim_next, name="next"),
    path("channels/", include("cases.urls.channels")),
    path("operations/", operations.operation_list, name="operations"),
    path("operations/<reference:reference>/", operations.operation, name="operation"),
    path("operations/<reference:reference>/verify/", operations.verify, name="verify"),
    path("operations/<reference:reference>/retract/", operations.retract, name="retract"),
    path("second-review/", held.second_review, name="second_review"),
    path("held/<int:pk>/undo/", held.undo, name="undo"),
    path("held/<int:pk>/confirm/", held.confirm, name="confirm"),
    path("held/<int:pk>/send-back/", held.send_back, name="send_back"),
    path("held/<int:pk>/dismiss/", held.dismiss, name="dismiss"),
    path("macros/", macros.macro_list, name="macros"),
    path("macros/add/", macros.add, name="macro_add"),
    path("macros/<int:pk>/", macros.change, name="macro"),
    path("macros/<int:pk>/delete/", macros.delete, name="macro_delete"),
    path("overdue/", overdue.overdue_list, name="overdue"),
    path("overdue/<int:pk>/remind/", overdue.remind, name="remind"),
    path("members/", roster.show, name="roster"),
    path("members/roster.csv", roster.download, name="roster_csv"),
    path("members/<slug:slug>/", members.member, name="member"),
    *(
        path(f"members/<slug:slug>/{verb}/", members.change, {"kind": kind}, name=f"member_{verb}")
        for verb, kind in (
            ("suspend", "suspended"),
            ("reinstate", "reinstated"),
            ("leave", "left"),
        )
    ),
    path("applications/", applications.application_list, name="applications"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/checks/", applications.checks, name="application_checks"),
    path("applications/<int:pk>/ask/", applications.ask, name="application_ask"),
    path("applications/<int:pk>/admit/", applications.admit, name="application_admit"),
    path("applications/<int:pk>/refuse/", applications.refuse, name="application_refuse"),
    path("applications/<int:pk>/resend/", applications.resend, name="application_resend"),
    path("rights/", rights.right_list, name="rights"),
    path("rights/<int:pk>/", rights.right, name="right"),
    path("rights/<int:pk>/verify/", rights.verify, name="right_verify"),
    path("rights/<int:pk>/return/", rights.send_back, name="right_return"),
    path("<reference:reference>/", case_list.case, name="case"),
    path("<reference:reference>/heartbeat/", presence.heartbeat, name="heartbeat"),
    path("<reference:reference>/claim/", actions.claim, name="claim"),
    path("<reference:reference>/release/", actions.release, name="release"),
    path("<reference:reference>/comment/", actions.comment, name="comment"),
    path(
        "<reference:reference>/request-information/",
        actions.request_information,
        name="request_information",
    ),
    path("<reference:reference>/contacts/<int:pk>/", found_contacts.of_case, name="contact"),
    path("<reference:reference>/listings/", actions.decide_listings, name="listings"),
    *(
        path(f"<reference:reference>/{verb}/", getattr(teamwork, verb), name=verb)
        for verb in ("watch", "unwatch", "tag", "untag", "link", "unlink")
    ),
    path("<reference:reference>/uphold/", actions.uphold, name="uphold"),
    path("<reference:reference>/reject/", actions.reject, name="reject"),
    path("<reference:reference>/removed/", actions.record_removal, name="removed"),
    path(
        "<reference:reference>/counter-notice/",
        actions.record_counter_notice,
        name="counter_notice",
    ),
    path("<reference:reference>/uphold-again/", actions.uphold_again, name="uphold_again"),
    path("<reference:reference>/reinstate/", actions.reinstate, name="reinstate"),
    path("<reference:reference>/close/", actions.close, name="close"),
    path("<reference:reference>/refer/", actions.refer, name="refer"),
    path(
        "<reference:reference>/withdraw-referral/",
        actions.withdraw_referral,
        name="withdraw_referral",
    ),
]
