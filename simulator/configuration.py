"""What an operator would have configured before the curtain rises: an org, bots, their routes, as a fixture."""

from typing import TypeAlias
from urllib.parse import urlsplit

from simulator.graph.accounts import APP, APP_SECRET, CLOUD_TOKEN, NUMBER, PAGE, PAGE_TOKEN
from simulator.salesforce.setup import Setup

LOGIN = ("demo", "demo")  # of the console, on this machine only
BOT = "demo-bot"
BUTTON = "573000000000001"
CLIENT, VERIFIED_CLIENT = "Bridge_Client", "Bridge_Verified"  # deployments of Enhanced Chat
ROUTING = {  # what an agent of Enhanced Chat sees of a user -> the parameters of the simulated channel
    "name": "_firstName",
    "email": "_email",
    "phone": "Phone",
    "userId": "User_Id",
    "provider": "Provider",
    "caseId": "Case_Id",
    "contactId": "Contact_Id",
}
ORDER_FIELD = "Order__c"  # of the case, in the demo's org
IMAGE_ON_CASE, VOICE_ON_CASE = "📷 Hay una imagen en el caso", "🎤 Hay una nota de voz en el caso"

Row: TypeAlias = dict[str, object]


def org(url: str, **more: object) -> Row:
    fields = {
        "name": "Demo org",
        "chat_url": url,
        "organization_id": "00D000000000001",
        "deployment_id": "572000000000001",
    }
    return {"model": "interconnections.salesforceorg", "pk": 1, "fields": fields | more}


def enhanced_org(url: str, pk: int = 2, **more: object) -> Row:
    """An org that speaks Enhanced Chat, without User Verification; `verification` has the fields for one with it."""
    fields = {
        "name": "Demo org, Enhanced Chat",
        "chat_api": "enhanced_chat",
        "chat_url": url,
        "organization_id": "00D000000000001",
        "es_developer_name": CLIENT,
        "routing_attributes": ROUTING,
    }
    return {"model": "interconnections.salesforceorg", "pk": pk, "fields": fields | more}


def login(url: str) -> Row:
    """The fields with which the simulated org gives a token, and each chat a contact and a case."""
    app = Setup().apps[0]
    return {
        "auth_flow": "client_credentials",
        "login_url": url,
        "client_id": app.key,
        "client_secret": app.secret,
        "custom_fields_case": {"order_id": ORDER_FIELD},
    }


def tells_of_files() -> dict[str, str]:
    """Texts of a bot whose agents read where each file stood; those of the product say nothing of a voice note."""
    return {"uploadImageSuccess": IMAGE_ON_CASE, "uploadAudioSuccess": VOICE_ON_CASE}


def whatsapp_bot(pk: int, slug: str, url: str, secret: str, **more: object) -> Row:
    """Its platform and its Botrunner are the simulated ones at `url`."""
    fields = {
        "slug": slug,
        "bot_id": "525500009999",
        "provider": "whatsapp",
        "org": 1,
        "platform": "yalo",
        "api_url": url,
        "api_token": "demo-token",
        "phone": "+525500009999",
        "webhook_secret": secret,
        "state_api": "botrunner",
        "state_url": url,
        "state_token": "demo-state-token",
        "state_delay": 0.2,
        "media_hosts": [urlsplit(url).netloc],  # phones' files lie here too
    }
    return {"model": "interconnections.bot", "pk": pk, "fields": fields | more}


def messenger_bot(pk: int, slug: str, url: str, secret: str, **more: object) -> Row:
    """Its state API is Studio NG."""
    fields = {
        "slug": slug,
        "bot_id": slug,
        "provider": "messenger",
        "org": 1,
        "platform": "yalo",
        "api_url": url,
        "api_token": "demo-token",
        "channel": "passthrough",
        "phone": slug,
        "webhook_secret": secret,
        "state_api": "studio_ng",
        "state_url": url,
        "state_token": "studio-token",
        "state_delay": 0.2,
        "media_hosts": [urlsplit(url).netloc],  # phones' files lie here too
    }
    return {"model": "interconnections.bot", "pk": pk, "fields": fields | more}


CLOUD_BOT, PAGE_BOT, VERIFY_TOKEN = "cloud-bot", "page-bot", "agreed-with-meta"


def cloud_bot(pk: int, url: str, slug: str = CLOUD_BOT, **more: object) -> Row:
    """On WhatsApp without a platform in between: the simulated number of Meta's at `url`."""
    return _at_meta(pk, slug, url, "whatsapp", "whatsapp_cloud", NUMBER, CLOUD_TOKEN, **more)


def page_bot(pk: int, url: str, slug: str = PAGE_BOT, **more: object) -> Row:
    """On Messenger without a platform in between: the simulated page of Meta's at `url`."""
    return _at_meta(pk, slug, url, "messenger", "messenger", PAGE, PAGE_TOKEN, **more)


def _at_meta(
    pk: int, slug: str, url: str, provider: str, platform: str, account: str, token: str, **more: object
) -> Row:
    fields = {
        "slug": slug,
        "bot_id": account,
        "provider": provider,
        "org": 1,
        "platform": platform,
        "api_url": url,
        "api_token": token,
        "webhook_auth": "signature",
        "webhook_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
        "app_id": APP,
        "state_api": "botrunner",
        "state_url": url,
        "state_token": "demo-state-token",
        "state_delay": 0.2,
        "media_hosts": [urlsplit(url).netloc],
    }
    return {"model": "interconnections.bot", "pk": pk, "fields": fields | more}


def route(pk: int, bot: int, button: str = BUTTON, flow: str = "") -> Row:
    return {"model": "interconnections.route", "pk": pk, "fields": {"bot": bot, "flow": flow, "button_id": button}}
