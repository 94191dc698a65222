"""Is the app told of this number at all: is it subscribed to the number's account, and to the field messages?

A number's own address for its webhooks changes nothing of either (whatsapp-cloud-api.md section 2.3).
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from django.utils.translation import gettext as _

from interconnections.errors import PlatformError
from interconnections.platforms import token_checks
from interconnections.platforms.graph import Access
from interconnections.platforms.platform import Check
from interconnections.platforms.values import Json, a_list, a_text, an_object, text
from interconnections.platforms.whatsapp_cloud.client import CloudApi, Number
from interconnections.secret import Secret

OBJECT = "whatsapp_business_account"
ITS_ACCOUNTS = "whatsapp_business_management"  # the permission beside which Meta names a token's accounts
FIELDS = (
    "messages", "account_alerts", "account_update", "business_capability_update", "message_template_status_update",
    "phone_number_quality_update",
)  # fmt: skip
MOST = 20  # accounts of a token that are looked through
NUMBERS = "1000"  # of each


def as_app(number: Number, app: str, app_secret: Secret) -> Access:
    return token_checks.as_app(number.access, app, app_secret)


async def subscribe(api: CloudApi, number: Number, app: str, app_secret: Secret, url: str, verify: Secret) -> None:
    """As far as Meta lets us: the app to the account, and to its fields where it has no webhook for WhatsApp yet.

    What it refuses here is somebody's click in the dashboard; `checks` tells what is missing.
    """
    if not (app and app_secret):
        return
    ours = as_app(number, app, app_secret)
    for account in await _accounts(api, number, await token_checks.about(api.graph, ours, number.access.token)):
        await _asked(api, number.access, "POST", f"{account}/subscribed_apps")
    hook = await _hook(api, ours, app)
    if hook is not None and not hook:
        body = {"object": OBJECT, "callback_url": url, "verify_token": verify.reveal(), "fields": ",".join(FIELDS)}
        await _asked(api, ours, "POST", f"{app}/subscriptions", body)


async def checks(api: CloudApi, number: Number, told: Json, app_secret: Secret) -> list[Check]:
    """`told`: what Meta says of the token; silent where it does not tell."""
    app = text(told, "app_id")
    if not app.isdecimal():
        return []
    return [*await _account(api, number, told, app), *await _fields(api, number, app, app_secret)]


async def is_there(api: CloudApi, number: Number, app: str, app_secret: Secret) -> bool | None:
    """Both of them; None where Meta tells of neither, or nobody knows the app."""
    if not (app and app_secret):
        return None
    ours = as_app(number, app, app_secret)
    told = await token_checks.about(api.graph, ours, number.access.token)
    found = [await _hears(api, number, account, app) for account in await _accounts(api, number, told)]
    known = [each for each in (*found, _hears_messages(await _hook(api, ours, app))) if each is not None]
    return all(known) if known else None


async def _hears(api: CloudApi, number: Number, account: str, app: str) -> bool | None:
    answer = await _asked(api, number.access, "GET", f"{account}/subscribed_apps")
    apps = [an_object(each) for each in a_list(answer.get("data"))]
    there = {text(an_object(each.get("whatsapp_business_api_data")), "id") for each in apps}
    return app in there if "data" in answer else None


def _hears_messages(hook: Json | None) -> bool | None:
    if hook is None:
        return None
    fields = hook.get("fields") if hook else []
    return "messages" in {text(an_object(each), "name") for each in fields} if isinstance(fields, list) else None


async def _account(api: CloudApi, number: Number, told: Json, app: str) -> list[Check]:
    for account in await _accounts(api, number, told):
        if await _hears(api, number, account, app) is False:
            what = _("the app is not subscribed to the number's account %s: nothing that users say arrives") % account
            return [Check("error", what, _("Run `manage.py subscribe`, or POST /%s/subscribed_apps.") % account)]
    return []


async def _fields(api: CloudApi, number: Number, app: str, app_secret: Secret) -> list[Check]:
    hook = await _hook(api, as_app(number, app, app_secret), app) if app_secret else None
    if _hears_messages(hook) is not False:
        return []
    return [
        Check(
            "error",
            _("the app's webhook lacks the field messages: nothing that users say arrives"),
            _("In the app's dashboard open WhatsApp > Configuration and subscribe to the field messages."),
        )
    ]


async def _accounts(api: CloudApi, number: Number, told: Json) -> list[str]:
    """The account that the number is of, among those that the token is for; none where Meta does not tell."""
    found = []
    for account in islice(_of_token(told), MOST):
        query = {"fields": "id", "limit": NUMBERS}
        answer = await _asked(api, number.access, "GET", f"{account}/phone_numbers", query=query)
        if number.id in {text(an_object(each), "id") for each in a_list(answer.get("data"))}:
            found.append(account)
    return found


def _of_token(told: Json) -> Iterator[str]:
    for each in a_list(told.get("granular_scopes")):
        scope = an_object(each)
        targets = scope.get("target_ids")
        if text(scope, "scope") == ITS_ACCOUNTS and isinstance(targets, list):
            yield from (id for target in targets if (id := a_text(target)).isdecimal())


async def _hook(api: CloudApi, ours: Access, app: str) -> Json | None:
    """The app's webhook for WhatsApp; {} where it has none, None where Meta does not tell."""
    answer = await _asked(api, ours, "GET", f"{app}/subscriptions")
    if not isinstance(answer.get("data"), list):
        return None
    hooks = (an_object(each) for each in a_list(answer.get("data")))
    return next((hook for hook in hooks if text(hook, "object") == OBJECT), {})


async def _asked(
    api: CloudApi,
    who: Access,
    method: str,
    path: str,
    body: Json | None = None,
    query: Mapping[str, str] | None = None,
) -> Json:
    """{} for a refusal: a token for messages alone may not ask, and nobody but the app may ask of it."""
    try:
        return await api.graph.ask(who, method, path, body, query)
    except PlatformError:
        return {}
