"""The calls about the bot itself: who it is, its commands, texts and menu, its files."""

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.files import LARGEST_DOWNLOAD
from bot.sandbox.telegram.profile import read_scope
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.wire import BadRequest, Json


def get_me(world: World, _args: Args) -> Json:
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, args: Args) -> Json:
    _check_scope(world, args)
    names = [item["command"] for item in args.objects("commands")]
    if len(set(names)) < len(names):
        raise BadRequest("BOT_COMMAND_INVALID: a name stands twice")
    world.profile.commands[read_scope(args), args.text("language_code")] = args.objects("commands")
    world.changed()
    return True


def get_my_commands(world: World, args: Args) -> Json:
    _check_scope(world, args)
    return [*world.profile.commands.get((read_scope(args), args.text("language_code")), [])]


def delete_my_commands(world: World, args: Args) -> Json:
    _check_scope(world, args)
    world.profile.commands.pop((read_scope(args), args.text("language_code")), None)
    world.changed()
    return True


def set_my_text(world: World, args: Args) -> Json:
    """The name or one of the descriptions, whichever field the call has."""
    for field in ("name", "description", "short_description"):
        if field in args:
            world.profile.texts[field, args.text("language_code")] = args.text(field)
    return True


def set_chat_menu_button(world: World, args: Args) -> Json:
    if "chat_id" in args:
        world.chat_for_bot(args.value("chat_id"))
    world.profile.menu_buttons[args.integer("chat_id")] = args.value("menu_button")
    return True


def get_file(world: World, args: Args) -> Json:
    stored = world.files.by_id(args.text("file_id"))
    if stored is None:
        raise BadRequest("invalid file_id")
    if stored.size > LARGEST_DOWNLOAD:
        raise BadRequest("file is too big")
    return stored.file_json()


def _check_scope(world: World, args: Args) -> None:
    scope = args.inner("scope")
    if scope is not None and "chat_id" in scope:
        world.chat_for_bot(scope.value("chat_id"))
