from django.urls import path

from cases.views.desk import purchase_files, purchase_results, purchase_steps, purchases

app_name = "purchases"
urlpatterns = [
    path("", purchases.home, name="home"),
    path("<slug:slug>/", purchases.purchase_list, name="list"),
    path("<slug:slug>/purchases.csv", purchases.download, name="csv"),
    path("<slug:slug>/new/", purchases.plan, name="plan"),
    path("<slug:slug>/results/", purchase_results.show, name="results"),
    path("<slug:slug>/results.csv", purchase_results.download, name="results_csv"),
    path("<slug:slug>/<reference:reference>/", purchases.detail, name="detail"),
    path("<slug:slug>/<reference:reference>/files/", purchase_files.add, name="add_files"),
    path(
        "<slug:slug>/<reference:reference>/files/<uuid:pk>/", purchase_files.download, name="file"
    ),
    path(
        "<slug:slug>/<reference:reference>/cases/", purchase_files.add_to_case, name="add_to_case"
    ),
    path(
        "<slug:slug>/<reference:reference>/cases/new/", purchase_files.file_case, name="file_case"
    ),
    path("<slug:slug>/<reference:reference>/disposal/", purchase_steps.propose, name="propose"),
    path(
        "<slug:slug>/<reference:reference>/disposal/confirm/",
        purchase_steps.dispose,
        name="dispose",
    ),
    path("<slug:slug>/<reference:reference>/disposal/reject/", purchase_steps.keep, name="keep"),
    path("<slug:slug>/<reference:reference>/cancel/", purchase_steps.cancel, name="cancel"),
    path("<slug:slug>/<reference:reference>/<slug:step>/", purchase_steps.step, name="step"),
]
