"""The clock and the faults through the control API, and the state that the page follows."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.sandbox.world.client import Answer, Sandbox


async def test_the_clock_tells_its_time_and_how_far_it_was_moved(sandbox: Sandbox) -> None:
    before = await sandbox.get("clock")
    moved = await sandbox.post("clock", {"advance_seconds": 5400})
    assert (before["offset"], moved["offset"]) == (0, 5400)
    step = datetime.fromisoformat(str(moved["now"])) - datetime.fromisoformat(str(before["now"]))
    assert step >= timedelta(seconds=5400)


async def test_who_waits_for_the_clock_is_told_when_it_moves(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.get("clock/wait", after="0"))
    await sandbox.get("clock")
    assert not waiting.done()
    await sandbox.post("clock", {"advance_seconds": 60.5})
    assert (await waiting)["offset"] == 60.5


async def test_who_knows_another_offset_is_told_at_once(sandbox: Sandbox) -> None:
    assert (await sandbox.get("clock/wait", after="86400"))["offset"] == 0


async def test_who_waits_is_let_go_when_the_world_ends(sandbox: Sandbox) -> None:
    waiting = asyncio.create_task(sandbox.get("clock/wait"))
    await sandbox.get("clock")
    sandbox.world.changed.close()
    assert (await waiting)["offset"] == 0


@pytest.mark.parametrize("step", [-1, "60", None, True, 10**12])
async def test_the_clock_takes_no_other_steps(sandbox: Sandbox, step: object) -> None:
    status, sentence = await sandbox.refused("clock", {"advance_seconds": step})
    assert (status, "field advance_seconds" in sentence) == (400, True)


@pytest.mark.parametrize("after", ["soon", "-1", "nan"])
async def test_who_waits_must_name_a_number(sandbox: Sandbox, after: str) -> None:
    status, found = await sandbox.ask("GET", "clock/wait", after=after)
    assert (status, "field after" in str(found["error"])) == (400, True)


async def telegram_status(sandbox: Sandbox) -> int:
    url = f"{sandbox.served.url}/telegram/bot{sandbox.world.secrets.bot_token}/getMe"
    async with sandbox.session.get(url) as response:
        return response.status


async def test_a_planned_fault_meets_the_next_call_and_is_used_up(sandbox: Sandbox) -> None:
    await sandbox.post("faults", {"service": "telegram", "kind": "error", "status": 429, "retry_after": 3})
    assert [await telegram_status(sandbox), await telegram_status(sandbox)] == [429, 200]
    assert (await sandbox.get("faults"))["fired"] == {"telegram:error": 1}


async def test_a_fault_without_an_end_lasts_until_it_is_healed(sandbox: Sandbox) -> None:
    fault = await sandbox.post("faults", {"service": "telegram", "kind": "error", "status": 502, "times": None})
    assert {await telegram_status(sandbox) for _ in range(5)} == {502}
    await sandbox.ask("DELETE", "faults", id=str(fault["id"]))
    assert await telegram_status(sandbox) == 200


async def test_all_faults_are_healed_at_once(sandbox: Sandbox) -> None:
    for service in ("telegram", "stripe"):
        await sandbox.post("faults", {"service": service, "kind": "reset_before"})
    status, left = await sandbox.ask("DELETE", "faults")
    assert (status, left["rules"]) == (200, [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": "post office"}, "service"),
        ({"kind": "gremlin"}, "kind"),
        ({"status": 200}, "status"),
        ({"times": 0}, "times"),
        ({"seconds": -1}, "seconds"),
        ({"retry_after": "3"}, "retry_after"),
        ({"operation": 5}, "operation"),
        ({"when": "now"}, "when"),
    ],
)
async def test_a_wrong_fault_is_refused_by_the_fields_name(
    sandbox: Sandbox, wrong: dict[str, object], field: str
) -> None:
    status, sentence = await sandbox.refused("faults", {"service": "stripe", "kind": "error", **wrong})
    assert (status, f"field {field}" in sentence) == (400, True)
    assert not sandbox.world.faults.rules()


async def test_a_fault_that_is_not_in_force_cannot_be_healed(sandbox: Sandbox) -> None:
    status, found = await sandbox.ask("DELETE", "faults", id="7")
    assert (status, "field id" in str(found["error"])) == (400, True)


async def test_the_state_shows_the_three_phones_and_the_teams_group_to_staff(sandbox: Sandbox) -> None:
    state = await sandbox.get("state")
    phones = {each["name"]: [chat["title"] for chat in each["chats"]] for each in state["people"]}
    assert phones == {"Alice": ["Guichet"], "Camille": ["Guichet"], "Noé": ["Guichet", "Team"]}


async def test_who_follows_the_state_is_told_of_a_change_and_not_before(sandbox: Sandbox) -> None:
    first = await sandbox.get("state")
    waiting = asyncio.create_task(sandbox.get("state", after=str(first["version"])))
    await sandbox.get("clock")
    assert not waiting.done()
    await sandbox.post("chats/1001/text", {"text": "/start"})
    assert _texts(await waiting, 0) == ["/start"]


async def test_the_state_shows_the_people_who_are_asked_for(sandbox: Sandbox) -> None:
    await sandbox.post("users", {"id": 2001, "name": "Zoé", "language": "fr"})
    state = await sandbox.get("state", people="2001,1001")
    assert [each["name"] for each in state["people"]] == ["Zoé", "Alice"]
    status, found = await sandbox.ask("GET", "state", people="4711")
    assert (status, "field people" in str(found["error"])) == (400, True)


@pytest.mark.parametrize("body", [[1], "text", 5])
async def test_a_body_must_be_a_json_object(sandbox: Sandbox, body: object) -> None:
    assert (await sandbox.refused("clock", body)) == (400, "The body must be a JSON object.")


async def test_a_body_must_be_json(sandbox: Sandbox) -> None:
    async with sandbox.session.post(f"{sandbox.served.url}/control/clock", data=b"{oops") as response:
        assert (response.status, await response.json()) == (400, {"error": "The body must be JSON."})


@pytest.mark.parametrize("path", ["", "nothing", "clock/nothing"])
async def test_what_is_not_there_is_refused_in_json(sandbox: Sandbox, path: str) -> None:
    assert (await sandbox.refused(path, {}))[0] == 404


def _texts(state: Answer, person: int) -> list[object]:
    return [each["text"] for each in state["people"][person]["chats"][0]["messages"]]
