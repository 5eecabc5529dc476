"""How a button carries what a customer has chosen, be it seats, things or a stay."""

from bot.domain.catalogue import QuoteView
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.callbacks import Call, packed_counts
from handlers.guests import selected

Fields = tuple[int | str, ...]


def fields_of(selection: Selection) -> Fields:
    """The inventory, the counts, and of a stay how long it is."""
    fields = (selection.inventory_id, packed_counts(selection.counts))
    return (*fields, selection.steps) if selection.steps else fields


def selection_of(call: Call) -> Selection:
    """The same read back; raises OutOfDate."""
    steps = callbacks.number(call.word(2)) if len(call.fields) == 3 else 0
    inventory_id, counts = selected(Call(call.action, call.fields[:2]) if steps else call)
    return Selection(inventory_id, counts, steps)


def leading(selection: Selection) -> Fields:
    """The same in always as many fields, where others follow."""
    return selection.inventory_id, packed_counts(selection.counts), selection.steps


def chosen(view: QuoteView) -> Selection:
    """What was priced."""
    counts = {line.fare.id: line.quantity for line in view.lines}
    return Selection(view.offer.inventory_id, counts, view.stay.steps if view.stay else 0)
