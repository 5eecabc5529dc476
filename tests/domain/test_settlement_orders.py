"""The order in which news arrives decides nothing."""

from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest

from bot.domain.facts import RefundFact, SessionFact
from bot.domain.orders import AttemptState, RefundState, State
from tests.domain.life import EXPIRED, FAILED_AT_BANK, PAID, UNPAID_YET, Life, held, refund

Facts = Sequence[SessionFact | RefundFact]
PENDING, DONE, FAILED = RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED

LIVES: dict[str, Facts] = {
    "paid": (PAID, EXPIRED),
    "settled later": (UNPAID_YET, PAID, EXPIRED),
    "failed at the bank": (UNPAID_YET, FAILED_AT_BANK),
    "refunded in full": (UNPAID_YET, PAID, EXPIRED, refund("re_1", 7800, PENDING), refund("re_1", 7800, DONE)),
    "refunded in parts": (PAID, EXPIRED, refund("re_1", 7000, DONE), refund("re_2", 800, PENDING)),
    "refund that fails": (
        UNPAID_YET,
        PAID,
        EXPIRED,
        refund("re_1", 7800, PENDING),
        refund("re_1", 7800, DONE),
        refund("re_1", 7800, FAILED),
    ),
    "part that fails": (PAID, EXPIRED, refund("re_1", 500, PENDING), refund("re_1", 500, FAILED)),
}
ENDS = {
    "paid": State.PAID,
    "settled later": State.PAID,
    "failed at the bank": State.FAILED,
    "part that fails": State.PAID,
}


def lived(facts: Facts) -> Life:
    life = Life(held(State.AWAITING_PAYMENT, [AttemptState.OPEN]))
    for fact in facts:
        life.hear(fact)
    return life


@pytest.mark.fault(12)
@pytest.mark.parametrize("name", LIVES)
def test_every_order_of_a_life_s_news_ends_the_same(name: str) -> None:
    ends = [lived(order).end() for order in permutations(LIVES[name])]
    assert all(end == ends[0] for end in ends)
    assert lived(LIVES[name]).case.order.state is ENDS.get(name, State.REFUNDED)


@pytest.mark.fault(12)
def test_two_thousand_orders_with_doubles_end_the_same() -> None:
    chance = Random(20261123)
    for _ in range(2000):
        facts = LIVES[chance.choice(list(LIVES))]
        shuffled = [*facts, *chance.choices(facts, k=chance.randint(1, 6))]
        chance.shuffle(shuffled)
        assert lived(shuffled).end() == lived(facts).end(), shuffled


@pytest.mark.fault(11)
@pytest.mark.parametrize("name", LIVES)
def test_doubles_tell_nobody_anything_twice(name: str) -> None:
    told = lived([fact for fact in LIVES[name] for _ in range(3)]).told
    assert sorted(told) == sorted(lived(LIVES[name]).told)
