"""The console's pages that are no model's; the admin's own follow behind them."""

from django.contrib import admin
from django.urls import path

from interconnections.admin.blocked import blocked_list, let_in_again
from interconnections.admin.board import board, board_figures, first_page
from interconnections.admin.workers import LABEL, drain, worker_list

urlpatterns = [
    path("", admin.site.admin_view(first_page), name="first-page"),
    path("interconnections/board/", admin.site.admin_view(board), name="board"),
    path("interconnections/board/figures/", board_figures, name="board-figures"),
    path("interconnections/blocked/", admin.site.admin_view(blocked_list), name="blocked"),
    path("interconnections/blocked/<slug:mark>/", admin.site.admin_view(let_in_again), name="let-in"),
    path("interconnections/worker/", admin.site.admin_view(worker_list), name="workers"),
    *(
        path(
            f"interconnections/worker/<str:name>/{act}/", admin.site.admin_view(drain), {"act": act}, f"worker-{act}"
        )
        for act in LABEL
    ),
    path("", admin.site.urls),
]
