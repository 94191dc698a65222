"""How a bot on Messenger is, asked without changing anything: its token, its subscription, how talks are routed."""

from django.utils.translation import gettext as _

from interconnections.errors import PlatformError, PlatformRefused, PlatformStopped
from interconnections.platforms import token_checks
from interconnections.platforms.messenger.client import FIELDS, MessengerPlatform
from interconnections.platforms.messenger.settings import MessengerSettings, path_of
from interconnections.platforms.platform import Check
from interconnections.platforms.values import Json, a_list, a_text, an_object, text
from interconnections.wire import host_of

NEEDED = {"pages_messaging": "error", "pages_manage_metadata": "warning"}


async def check(client: MessengerPlatform, settings: MessengerSettings) -> list[Check]:
    """Never raises."""
    try:
        page = await client.page(settings)
    except PlatformError as trouble:
        return [_no_answer(trouble, settings)]
    found = [*_token(page, settings), *_routing(page, settings)]
    try:
        found += _subscription(await client.subscriptions(settings), settings)
    except PlatformError as trouble:
        found.append(
            Check(
                "error",
                _("Meta does not tell what the page is subscribed to (%s)") % trouble,
                _("Give the token pages_manage_metadata, and see that the bot's id at the platform is the page's."),
            )
        )
    found += await _webhook(client, settings)
    told = await client.token(settings)
    return [*found, *token_checks.checks(told, NEEDED, settings.ours.app)]


async def is_subscribed(client: MessengerPlatform, settings: MessengerSettings) -> bool | None:
    """Are the page's messages subscribed to by our app?  None where nobody can say; raises PlatformError."""
    if not settings.ours.app:
        return None
    answer = await client.subscriptions(settings)
    if "data" not in answer:
        return None
    ours = _our_app(answer, settings)
    return ours is not None and "messages" in _fields(ours)


def _our_app(answer: Json, settings: MessengerSettings) -> Json | None:
    apps = [an_object(each) for each in a_list(answer.get("data"))]
    return next((app for app in apps if text(app, "id") == settings.ours.app), None)


def _fields(app: Json) -> set[str]:
    """To which it is subscribed."""
    fields = app.get("subscribed_fields")
    return {a_text(each) for each in fields} if isinstance(fields, list) else set()


def callback_of(answer: Json) -> str:
    """Where the app's webhooks of pages go; "" for nowhere."""
    return text(_of_pages(answer), "callback_url")


def _of_pages(answer: Json) -> Json:
    hooks = (an_object(each) for each in a_list(answer.get("data")))
    return next((hook for hook in hooks if text(hook, "object") == "page"), {})


async def _webhook(client: MessengerPlatform, settings: MessengerSettings) -> list[Check]:
    """Asked as the app: with its id, and the secret with which it signs."""
    if not settings.webhook_secret:
        return []  # clean() has said so
    try:
        hook = _of_pages(await client.callbacks(settings))
    except PlatformError as trouble:
        return [
            Check(
                "warning",
                _("Meta does not tell where the app's webhooks go (%s)") % trouble,
                _(
                    "See that “our app at Meta” and the webhook secret are the App ID and the App secret of App "
                    "settings > Basic."
                ),
            )
        ]
    return [_callback(hook, settings)]


def _callback(hook: Json, settings: MessengerSettings) -> Check:
    there, path = text(hook, "callback_url"), path_of(settings.slug)
    if not there or hook.get("active") is False:
        return Check(
            "error",
            _("the app has no working webhook for pages: nothing that users say arrives"),
            _("Run `manage.py subscribe %(bot)s`, or give the app its callback URL (…%(path)s) in Meta's dashboard.")
            % {"bot": settings.slug, "path": path},
        )
    if not there.endswith(path):
        return Check(
            "error",
            _("the app sends its webhooks to %(host)s, and not to …%(path)s")
            % {"host": host_of(there), "path": path},
            _("Change the callback URL in the app's dashboard; an app has one for all its pages."),
        )
    fields = hook.get("fields")
    told = [an_object(each) for each in fields] if isinstance(fields, list) else []
    if missing := [name for name in FIELDS if name not in {text(each, "name") for each in told}]:
        return Check(
            "warning",
            _("the app's webhook lacks the fields %s") % ", ".join(missing),
            _("Subscribe to them in the app's dashboard, under Webhooks > Page."),
        )
    return Check("ok", _("the app sends its webhooks to this bot, with every field"))


def _no_answer(trouble: PlatformError, settings: MessengerSettings) -> Check:
    host = host_of(settings.access.url)
    if isinstance(trouble, PlatformStopped):
        return Check(
            "error",
            _("Meta does not take the page's token (%s): what agents say is kept and retried") % trouble,
            _("Make a new page access token with pages_messaging, and put it into the bot's API token."),
        )
    if isinstance(trouble, PlatformRefused):
        return Check(
            "error",
            _("%(host)s does not know what it was asked (%(why)s)") % {"host": host, "why": trouble},
            _("Look at the bot's API address and its version of the Graph API."),
        )
    return Check(
        "error",
        _("Meta's Graph API at %(host)s does not answer (%(why)s): what agents say is kept and retried")
        % {"host": host, "why": trouble},
        _("Look at the address, at the network from here, and at metastatus.com."),
    )


def _token(page: Json, settings: MessengerSettings) -> list[Check]:
    id = text(page, "id")
    if id and id != settings.ours.page:
        return [
            Check(
                "error",
                _("the token is that of %(id)s, not of the page %(page)s: nothing can be sent as the page")
                % {"id": id, "page": settings.ours.page},
                _("Take the page's own access token, or mend the bot's id at the platform, on the bot's page."),
            )
        ]
    return [Check("ok", _("Meta takes the page's token"))]


def _routing(page: Json, settings: MessengerSettings) -> list[Check]:
    """Who shares the page with us (section 5).  Which app is the default is told only of one user at a time."""
    features = an_object(page.get("messaging_feature_status"))
    shared = features.get("msgr_multi_app") is True or features.get("hop_v2") is True
    if shared and settings.control == "none":
        return [
            Check(
                "warning",
                _("several apps answer on this page, and the bridge neither takes nor releases a talk"),
                _("Set thread control to release or pass, and make the bot the default app in the page's settings."),
            )
        ]
    if features and not shared and settings.control != "none":
        return [
            Check(
                "warning",
                _("thread control is set, but the page routes no talks between apps"),
                _("Choose a default app in the page's settings (Conversation Routing), or leave talks as they are."),
            )
        ]
    return [Check("ok", _("thread control fits the page's routing"))] if features else []


def _subscription(answer: Json, settings: MessengerSettings) -> list[Check]:
    ours = _our_app(answer, settings)
    if ours is None:
        return [
            Check(
                "error",
                _("the page is not subscribed to our app: nothing that users say arrives"),
                _("Run `manage.py subscribe %s`. Meta also ends a subscription after an hour of failed webhooks.")
                % settings.slug,
            )
        ]
    if missing := [name for name in FIELDS if name not in _fields(ours)]:
        return [
            Check(
                "warning",
                _("the page's subscription lacks %s") % ", ".join(missing),
                _("Run `manage.py subscribe %s`.") % settings.slug,
            )
        ]
    return [Check("ok", _("the page is subscribed to our app, with every field"))]
