"""The points at which the shop is killed, and what each is about."""

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """What the process is doing: keep the shop open for a day, or one command."""

    DAY = "day"
    STOPPING = "stopping"
    MIGRATE = "migrate"
    IMPORT = "import"
    BACKUP = "backup"
    RESTORE = "restore"


@dataclass(frozen=True)
class Point:
    """`rows` of the table of faults; `hits`: so often it is passed in every day, at least."""

    name: str
    rows: tuple[int, ...]
    hits: int
    where: Where = Where.DAY


POINTS = (
    Point("updates.taken", (1,), 4),
    Point("updates.unconfirmed", (1,), 4),
    Point("update.begun", (1,), 8),
    Point("update.confirmed", (1,), 8),
    Point("update.handled", (1,), 8),
    Point("commit.meet.before", (1,), 4),
    Point("commit.place.before", (1,), 4),
    Point("commit.place.after", (2,), 4),
    Point("stripe.create.before", (2,), 4),
    Point("stripe.create.after", (3,), 4),
    Point("commit.link.before", (3,), 4),
    Point("commit.link.after", (4,), 4),
    Point("telegram.sendMessage.before", (4,), 4),
    Point("telegram.sendMessage.after", (4,), 4),
    Point("telegram.sendPhoto.after", (4,), 4),
    Point("message.card.before", (4,), 4),
    Point("message.card.after", (4,), 4),
    Point("commit.card.before", (4,), 3),
    Point("telegram.editMessageText.after", (4,), 4),
    Point("telegram.answerCallbackQuery.before", (1,), 4),
    Point("webhook.arrived", (5,), 6),
    Point("webhook.verified", (5,), 6),
    Point("commit.inbox.before", (5,), 6),
    Point("commit.inbox.after", (6,), 6),
    Point("webhook.unanswered", (6,), 6),
    Point("webhook.answered", (6,), 6),
    Point("commit.settle.before", (7,), 4),
    Point("commit.settle.after", (7,), 4),
    Point("message.booked.before", (7,), 3),
    Point("message.booked.after", (7,), 3),
    Point("message.refunded_late.before", (7, 8), 1),
    Point("message.refunded_late.after", (7, 8), 1),
    Point("message.staff_sale.after", (7,), 2),
    Point("commit.mark.before", (7,), 8),
    Point("commit.mark.after", (7,), 8),
    Point("stripe.refund.before", (8,), 1),
    Point("stripe.refund.after", (8,), 1),
    Point("commit.refund.before", (8,), 1),
    Point("commit.refund.after", (8,), 1),
    Point("stripe.refunds.before", (8, 19), 1),
    Point("stripe.refunds.after", (8, 19), 1),
    Point("commit.refunds.before", (8, 19), 1),
    Point("commit.looked.before", (8, 19), 1),
    Point("commit.cancel.before", (48,), 2),
    Point("commit.cancel.after", (48,), 2),
    Point("stripe.expire.before", (24, 48), 2),
    Point("stripe.expire.after", (24, 48), 2),
    Point("commit.look.before", (24, 48), 2),
    Point("stripe.look.after", (24,), 1),
    Point("commit.deadline.before", (34, 48), 1),
    Point("stripe.events.after", (18,), 2),
    Point("commit.sweep.before", (18,), 2),
    Point("lock.taken", (35,), 1),
    Point("start.connected", (2,), 1),
    Point("start.working", (2,), 1),
    Point("start.open", (2,), 1),
    Point("stop.deaf", (10,), 1, Where.STOPPING),
    Point("stop.unheard", (10,), 1, Where.STOPPING),
    Point("stop.idle", (10,), 1, Where.STOPPING),
    Point("migration.step", (9,), 30, Where.MIGRATE),
    Point("migration.before_commit", (9,), 1, Where.MIGRATE),
    Point("migration.after_commit", (9,), 1, Where.MIGRATE),
    Point("commit.catalogue.before", (9,), 1, Where.IMPORT),
    Point("commit.catalogue.after", (9,), 1, Where.IMPORT),
    Point("file.begun", (9,), 1, Where.BACKUP),
    Point("file.copied", (9,), 1, Where.BACKUP),
    Point("file.before_rename", (9,), 1, Where.BACKUP),
    Point("file.renamed", (9,), 1, Where.BACKUP),
    Point("file.copied", (9,), 1, Where.RESTORE),
    Point("file.folded", (9,), 1, Where.RESTORE),
    Point("file.second_name", (9,), 1, Where.RESTORE),
    Point("file.kept", (9,), 1, Where.RESTORE),
    Point("file.before_rename", (9,), 1, Where.RESTORE),
    Point("file.renamed", (9,), 1, Where.RESTORE),
)
