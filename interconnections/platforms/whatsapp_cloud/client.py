"""What is asked of the Cloud API: messages, marks, files (whatsapp-cloud-api.md sections 6, 7 and 9)."""

from dataclasses import dataclass, field
from urllib.parse import quote

from interconnections.errors import PlatformRefused
from interconnections.multipart import Form, Part
from interconnections.platforms.graph import Access, Graph
from interconnections.platforms.platform import Recipient, Upload
from interconnections.platforms.values import Json, a_list, an_object, text
from interconnections.platforms.whatsapp_cloud.addresses import addresses
from interconnections.platforms.whatsapp_cloud.outcomes import OUTCOMES
from interconnections.wire import Wire

# The same message may be taken under another name of its user: a parameter that is bad or missing may be that name.
NOT_BY_THIS_NAME = frozenset({"100", "131008", "131009", "131062", "131063"})


@dataclass(frozen=True, slots=True)
class Number:
    """One of the business's numbers: whence it sends."""

    access: Access
    id: str

    @property
    def path(self) -> str:
        return quote(self.id, safe="")


@dataclass
class CloudApi:
    """`named`: by number id, the field in which a BSUID was taken; a process learns it anew."""

    wire: Wire
    named: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = Graph(self.wire, OUTCOMES)

    async def send(self, number: Number, to: Recipient, message: Json, id: str) -> str:
        """`message`: its type and what is under it; gives the wamid, "" where the answer names none.

        The user is named in one way after the other, as long as only that is what is refused.
        """
        refusal = PlatformRefused("the user has no id that WhatsApp takes")
        for address in addresses(to, self.named.get(number.id, "")):
            body = {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                address.field: address.value,
                **message,
                "biz_opaque_callback_data": id,
            }
            try:
                answer = await self.graph.ask(number.access, "POST", f"{number.path}/messages", body)
            except PlatformRefused as refused:
                if refused.code not in NOT_BY_THIS_NAME:
                    raise
                refusal = refusal if refusal.code else refused
            else:
                if address.scoped:
                    self.named[number.id] = address.field
                _note_name(to, answer)
                return text(an_object(next(iter(a_list(answer.get("messages"))), None)), "id")
        raise refusal

    async def mark_read(self, number: Number, message: str, *, typing: bool) -> None:
        """Earlier messages with it; `typing`: shown for 25 s, or until something is sent."""
        body: dict[str, object] = {"messaging_product": "whatsapp", "status": "read", "message_id": message}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        await self.graph.ask(number.access, "POST", f"{number.path}/messages", body)

    async def upload(self, number: Number, file: Upload) -> str:
        """Kept for thirty days, and shown to nobody yet."""
        form = Form(
            [
                Part("messaging_product", "text/plain", b"whatsapp"),
                Part("type", "text/plain", file.mime.encode()),
                Part("file", file.mime, file.content, file.name),
            ]
        )
        answer = await self.graph.ask(number.access, "POST", f"{number.path}/media", form=form)
        if not (id := text(answer, "id")):
            raise PlatformRefused("answered an upload without an id")
        return id

    async def media(self, number: Number, id: str) -> Json:
        query = {"phone_number_id": number.id}
        return await self.graph.ask(number.access, "GET", quote(id, safe=""), query=query)

    async def fields(self, number: Number, *names: str, proof: str = "") -> Json:
        """What Meta says of the number itself; `proof`: that we know the secret of the token's app."""
        query = {"fields": ",".join(names)} | ({"appsecret_proof": proof} if proof else {})
        return await self.graph.ask(number.access, "GET", number.path, query=query)

    async def set_webhook(self, number: Number, url: str, verify_token: str) -> None:
        """Of this number alone, before its account's and its app's (section 2.3); "" goes back to those."""
        webhook = {"override_callback_uri": url} | ({"verify_token": verify_token} if url else {})
        await self.graph.ask(number.access, "POST", number.path, {"webhook_configuration": webhook})


def _note_name(to: Recipient, answer: Json) -> None:
    """Section 10: the answer may name a number otherwise than we did (5255… and 52155…)."""
    name = text(an_object(next(iter(a_list(answer.get("contacts"))), None)), "wa_id")
    if name and name not in (to.user, *to.also):
        to.named.append(name)
