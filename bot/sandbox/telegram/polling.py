"""The calls by which a bot gets its updates: polling or a webhook, never both."""

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.webhooks import info, read_webhook
from bot.sandbox.telegram.wire import ApiError, Json

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def get_updates(world: World, args: Args) -> Json:
    """What waits right now; waiting for more is the business of the layer above."""
    if world.webhook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    _allow(world, args)
    return [*world.updates.fetch(args.integer("offset"), args.integer("limit", 100))]


def set_webhook(world: World, args: Args) -> Json:
    world.webhook = read_webhook(args)
    _allow(world, args)
    return _drop(world, args)


def delete_webhook(world: World, args: Args) -> Json:
    world.webhook = None
    return _drop(world, args)


def get_webhook_info(world: World, _args: Args) -> Json:
    return info(world.webhook, len(world.updates), world.updates.allowed)


def _allow(world: World, args: Args) -> None:
    if "allowed_updates" in args:
        world.updates.allow(args.items("allowed_updates"))


def _drop(world: World, args: Args) -> Json:
    if args.flag("drop_pending_updates"):
        world.updates.drop()
    world.changed()
    return True
