"""Stripe's own errors, with their status, type, code and the parameter that they name."""

from bot.sandbox.stripe.results import Json, JsonObject

INVALID = "invalid_request_error"


class Refusal(Exception):
    """The API refuses. `executed`: the endpoint had begun, so that the answer is saved under the key."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = INVALID,
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.executed = executed

    def body(self) -> JsonObject:
        error: dict[str, Json] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


def unknown_parameter(param: str) -> Refusal:
    return Refusal(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def missing(param: str) -> Refusal:
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_played(param: str) -> Refusal:
    return Refusal(
        f"{param} exists at Stripe, but the sandbox does not play it.", code="sandbox_not_played", param=param
    )


def empty(param: str) -> Refusal:
    return Refusal(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{param}' cannot be unset. You should remove '{param}' from your request or supply a "
        "non-empty value.",
        code="parameter_invalid_empty",
        param=param,
    )


def no_such(kind: str, object_id: str, param: str) -> Refusal:
    return Refusal(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param=param, executed=True)


def unrecognized(method: str, path: str) -> Refusal:
    return Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
    )


def unauthorized(message: str) -> Refusal:
    return Refusal(message, status=401)


def other_parameters(key: str) -> Refusal:
    return Refusal(
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )


def key_in_use(key: str) -> Refusal:
    return Refusal(
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        kind="idempotency_error",
        code="idempotency_key_in_use",
    )


def broken(status: int) -> Refusal:
    """What a planned fault answers with."""
    if status == 429:
        return Refusal("Request rate limit exceeded.", status=429, code="rate_limit")
    if status == 409:
        return key_in_use("(planned)")
    if status >= 500:
        return Refusal("An unknown error occurred", status=status, kind="api_error", executed=True)
    return Refusal(f"The sandbox was told to answer {status}.", status=status)
