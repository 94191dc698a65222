"""The machines' addresses, as the contract names them; machines.py leads there."""

from django.urls import path, re_path

from interconnections.http import api, metrics, probes, webhooks

urlpatterns = [
    path("v1/bots/<slug:slug>/webhook", webhooks.of_bot),
    path("v1/integrations/whatsapp/webhook", webhooks.whatsapp),
    path("v1/integrations/facebook/webhook", webhooks.facebook),
    path("v1/integrations/webhook/register/<str:provider>", api.register),
    path("v1/integrations/webhook/remove/<str:provider>", api.remove),
    path("v1/welcome", api.welcome),
    path("v1/authenticate", api.authenticate),
    path("v1/tokens/check", api.check_token),
    path("v1/chats/connect", api.connect),
    re_path(r"^v1/chat/finish/(?P<user_id>.+)$", api.finish),
    re_path(r"^v1/context/(?P<user_id>.+)$", api.context),
    re_path(r"^v1(?:/|$)", api.nowhere),
    path("healthz", probes.healthz),
    path("readyz", probes.readyz),
    path("metrics", metrics.metrics),
]
