"""The addresses of the machines' doors, as the contract names them; fast_router.py leads there.

The access log shows their names.
"""

from django.urls import path, re_path

from interconnections.http import bot_api, metrics, openapi, probes, webhooks

urlpatterns = [
    path("v1/bots/<slug:slug>/webhook", webhooks.of_bot, name="webhook"),
    path("v1/integrations/whatsapp/webhook", webhooks.of_provider, {"provider": "whatsapp"}, name="webhook-whatsapp"),
    path(
        "v1/integrations/facebook/webhook", webhooks.of_provider, {"provider": "messenger"}, name="webhook-facebook"
    ),
    path("v1/integrations/webhook/register/<str:provider>", bot_api.register, name="register"),
    path("v1/integrations/webhook/remove/<str:provider>", bot_api.remove, name="remove"),
    path("v1/openapi.json", openapi.openapi, name="openapi"),
    path("v1/welcome", bot_api.welcome, name="welcome"),
    path("v1/authenticate", bot_api.authenticate, name="authenticate"),
    path("v1/tokens/check", bot_api.check_token, name="check-token"),
    path("v1/chats/connect", bot_api.connect, name="connect"),
    re_path(r"^v1/chat/finish/(?P<user_id>.+)$", bot_api.finish, name="finish"),
    re_path(r"^v1/context/(?P<user_id>.+)$", bot_api.context, name="context"),
    re_path(r"^v1(?:/|$)", bot_api.nowhere, name="no-such-call"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
