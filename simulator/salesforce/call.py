"""A call of the data API and its answer, apart from HTTP: a composite is made of them too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..protocol_options import Json
from .org import Org
from .refusal import bad_json, not_found
from .schema import SObject


@dataclass(frozen=True)
class Call:
    """What is asked."""

    org: Org
    user_id: str
    version: str  # v59.0
    args: Mapping[str, str]  # out of the path
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: object = None

    @property
    def kind(self) -> SObject:
        """The object that the path names; 404 if there is none."""
        found = self.org.schema.object(self.args["object"])
        if found is None:
            raise not_found()
        return found

    @property
    def json(self) -> Json:
        """The body, an object."""
        if not isinstance(self.body, dict):
            raise bad_json("The body is not a JSON object")
        return self.body


@dataclass(frozen=True)
class Reply:
    """What is answered; `body` None: nothing."""

    status: int
    body: Json | list[Json] | list[str] | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def created(call: Call, kind: str, id: str, **more: object) -> Reply:
    """201, as every create answers."""
    body: Json = {"id": id, "success": True, "errors": []}
    return Reply(201, body | more, {"Location": f"/services/data/{call.version}/sobjects/{kind}/{id}"})
