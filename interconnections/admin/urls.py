"""The console's pages that are no model's; the admin's own follow behind them."""

from django.contrib import admin
from django.urls import path

from interconnections.admin.board import board, board_figures, first_page

urlpatterns = [
    path("", admin.site.admin_view(first_page), name="first-page"),
    path("interconnections/board/", admin.site.admin_view(board), name="board"),
    path("interconnections/board/figures/", board_figures, name="board-figures"),
    path("", admin.site.urls),
]
