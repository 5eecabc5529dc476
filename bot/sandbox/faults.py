"""What goes wrong on purpose between the application and the simulated services."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count


class Service(StrEnum):
    TELEGRAM = "telegram"
    STRIPE = "stripe"
    MAIL = "mail"


class Kind(StrEnum):
    """How a call fails. Before: without effect. After: the effect has happened, the answer is lost."""

    ERROR = "error"  # the HTTP status of the fault, without effect; Stripe stores and replays its 500s
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    TRUNCATED = "truncated"  # the effect has happened, the body is cut off
    SLOW = "slow"  # answered properly after `seconds`


@dataclass(frozen=True)
class Fault:
    """One rule. `operation`: a Bot API method, how a Stripe path such as `/v1/refunds` starts, an SMTP command;
    empty: all.
    """

    id: int
    service: Service
    kind: Kind
    operation: str = ""
    status: int = 500
    retry_after: int | None = None
    seconds: float = 30.0
    times: int | None = 1  # None: until it is healed


class Faults:
    """The rules in force. The first that fits a call is used up by one."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._ids = count(1)
        self.fired: dict[str, int] = {}

    def plan(self, fault: Fault) -> Fault:
        planned = replace(fault, id=next(self._ids))
        self._rules.append(planned)
        return planned

    def heal(self, fault_id: int | None = None) -> None:
        """Withdraw one rule, or all of them."""
        self._rules = [] if fault_id is None else [rule for rule in self._rules if rule.id != fault_id]

    def rules(self) -> tuple[Fault, ...]:
        return tuple(self._rules)

    def take(self, service: Service, operation: str) -> Fault | None:
        """The fault that this call meets, counted against its rule."""
        for position, rule in enumerate(self._rules):
            if rule.service is service and operation.startswith(rule.operation):
                left = None if rule.times is None else rule.times - 1
                if left == 0:
                    del self._rules[position]
                else:
                    self._rules[position] = replace(rule, times=left)
                key = f"{service}:{rule.kind}"
                self.fired[key] = self.fired.get(key, 0) + 1
                return rule
        return None
