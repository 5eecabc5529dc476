"""What crosses the wire between a bot and the simulated Telegram: JSON values, uploads, replies, errors."""

from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


@dataclass(frozen=True)
class Upload:
    """A file as a bot sends it, or as it can be downloaded."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Reply:
    """The HTTP status and the JSON body, shaped as Telegram shapes them."""

    status: int
    body: JsonObject

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def result(self) -> Json:
        """The result of a call that went well, else None."""
        return self.body.get("result")

    @property
    def description(self) -> str:
        """Why the call was refused; empty when it went well."""
        return str(self.body.get("description", ""))


class ApiError(Exception):
    """A call that Telegram refuses; `description` carries the prefix such as `Bad Request: `."""

    def __init__(self, status: int, description: str, parameters: JsonObject | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters or {}

    def reply(self) -> Reply:
        body: JsonObject = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Reply(self.status, body)


class BadRequest(ApiError):
    """400, the most common answer to a mistake."""

    def __init__(self, description: str) -> None:
        super().__init__(400, f"Bad Request: {description}")


def success(result: Json) -> Reply:
    return Reply(200, {"ok": True, "result": result})
