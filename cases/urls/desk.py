from django.urls import path

from cases.views.desk import (
    evidence,
    exports,
    filing,
    home,
    listing_details,
    listing_sheet,
    split,
    templates,
)

app_name = "desk"
urlpatterns = [
    path("desk/", home.home, name="home"),
    path("cases/", home.case_list, name="cases"),
    path("cases/export/cases.csv", exports.cases, {"ending": "csv"}, name="cases_csv"),
    path("cases/export/cases.xlsx", exports.cases, {"ending": "xlsx"}, name="cases_xlsx"),
    path("cases/export/listings.csv", exports.listings, {"ending": "csv"}, name="listings_csv"),
    path("cases/export/listings.xlsx", exports.listings, {"ending": "xlsx"}, name="listings_xlsx"),
    path("cases/new/", filing.new, name="new"),
    path("cases/templates/", templates.template_list, name="templates"),
    path("cases/templates/<int:pk>/", templates.rename, name="template_rename"),
    path("cases/templates/<int:pk>/delete/", templates.delete, name="template_delete"),
    path("cases/<reference:reference>/template/", templates.save, name="template_save"),
    path("cases/sheet/", listing_sheet.new, name="sheet"),
    path("cases/sheet/template.xlsx", listing_sheet.template, name="sheet_template"),
    path("cases/<reference:reference>/", home.case, name="case"),
    path("cases/<reference:reference>/complaint/", filing.complaint, name="complaint"),
    path("cases/<reference:reference>/listings/", filing.listings, name="listings"),
    path(
        "cases/<reference:reference>/listings/filed-already/",
        filing.filed_already,
        name="filed_already",
    ),
    path("cases/<reference:reference>/listings/split/", split.split, name="split"),
    path("cases/<reference:reference>/details/", listing_details.details, name="details"),
    path("cases/<reference:reference>/evidence/", filing.evidence, name="evidence"),
    path("cases/<reference:reference>/check/", filing.check, name="check"),
    path("cases/<reference:reference>/submitted/", filing.submitted, name="submitted"),
    path("cases/<reference:reference>/answer/", filing.answer, name="answer"),
    path(
        "cases/<reference:reference>/counter-notice/",
        filing.answer_counter_notice,
        name="answer_counter_notice",
    ),
    path("cases/<reference:reference>/withdraw/", filing.withdraw, name="withdraw"),
    path("evidence/<uuid:pk>/", evidence.download, name="evidence_file"),
    path("evidence/<uuid:pk>/details/", evidence.details, name="evidence_details"),
    path("evidence/<uuid:pk>/preview/", evidence.preview, name="evidence_preview"),
    path("evidence/<uuid:pk>/thumbnail/", evidence.thumbnail, name="evidence_thumbnail"),
    path("evidence/<uuid:pk>/remove/", evidence.remove, name="evidence_remove"),
]
