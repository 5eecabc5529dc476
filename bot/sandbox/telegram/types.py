"""The nested objects of the Bot API that a bot may send, written down as data."""

from bot.sandbox.telegram.schema import (
    MAX_INTEGER,
    Bool,
    ChatRef,
    Field,
    Int,
    ListOf,
    Object,
    Str,
    Variants,
)

FLAG = Field(Bool())
TEXT = Field(Str())
PARSE_MODE = Field(Str(choices=("HTML",), error="unsupported parse_mode"))
LANGUAGE = Field(Str(pattern=r"([a-z]{2})?", error="LANGUAGE_CODE_INVALID"))

USER = Object(
    {
        "id": Field(Int(low=1), required=True),
        "is_bot": Field(Bool(), required=True),
        "first_name": Field(Str(), required=True),
        "last_name": TEXT,
        "username": TEXT,
        "language_code": TEXT,
        "is_premium": FLAG,
    }
)

ENTITY_TYPES = (
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre",
    "text_link", "text_mention", "custom_emoji", "date_time",
)  # fmt: skip

MESSAGE_ENTITY = Object(
    {
        "type": Field(Str(choices=ENTITY_TYPES), required=True),
        "offset": Field(Int(low=0), required=True),
        "length": Field(Int(low=1), required=True),
        "url": TEXT,
        "user": Field(USER),
        "language": TEXT,
        "custom_emoji_id": TEXT,
        "unix_time": Field(Int(low=0)),
        "date_time_format": TEXT,
    }
)
ENTITIES = Field(ListOf(MESSAGE_ENTITY))

LINK_PREVIEW_OPTIONS = Object(
    {
        "is_disabled": FLAG,
        "url": TEXT,
        "prefer_small_media": FLAG,
        "prefer_large_media": FLAG,
        "show_above_text": FLAG,
    }
)

REPLY_PARAMETERS = Object(
    {
        "message_id": Field(Int(low=1), required=True),
        "chat_id": Field(ChatRef()),
        "allow_sending_without_reply": FLAG,
        "quote": Field(Str(high=1024)),
        "quote_parse_mode": PARSE_MODE,
        "quote_entities": ENTITIES,
        "quote_position": Field(Int(low=0)),
    }
)

WEB_APP = Object({"url": Field(Str(low=1), required=True)})
COPY_TEXT = Object({"text": Field(Str(low=1, high=256), required=True)})
LOGIN_URL = Object(
    {
        "url": Field(Str(low=1), required=True),
        "forward_text": TEXT,
        "bot_username": TEXT,
        "request_write_access": FLAG,
    }
)
CHOSEN_CHAT = Object(
    {
        "query": Field(Str(high=256)),
        "allow_user_chats": FLAG,
        "allow_bot_chats": FLAG,
        "allow_group_chats": FLAG,
        "allow_channel_chats": FLAG,
    }
)
BUTTON_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "disabled",
)  # fmt: skip
BUTTON_STYLES = ("danger", "success", "primary")
BUTTON_LABEL = Field(Str(low=1), required=True)
BUTTON_LOOKS = {"icon_custom_emoji_id": TEXT, "style": Field(Str(choices=BUTTON_STYLES))}

INLINE_BUTTON = Object(
    {
        "text": BUTTON_LABEL,
        **BUTTON_LOOKS,
        "url": Field(Str(low=1)),
        "callback_data": Field(Str(low=1, high=64, in_bytes=True, error="BUTTON_DATA_INVALID")),
        "web_app": Field(WEB_APP),
        "login_url": Field(LOGIN_URL),
        "switch_inline_query": Field(Str(high=256)),
        "switch_inline_query_current_chat": Field(Str(high=256)),
        "switch_inline_query_chosen_chat": Field(CHOSEN_CHAT),
        "copy_text": Field(COPY_TEXT),
        "disabled": Field(Object({})),
    },
    one_of=BUTTON_ACTIONS,
    error="can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
)
BUTTONS_PER_ROW = 8
BUTTONS_IN_ALL = 100
INLINE_KEYBOARD = Object(
    {
        "inline_keyboard": Field(ListOf(ListOf(INLINE_BUTTON, high=BUTTONS_PER_ROW)), required=True),
        "force_reply": FLAG,
    }
)
PLACEHOLDER = Field(Str(low=1, high=64))
KEYBOARD_BUTTON = Object({"text": BUTTON_LABEL, **BUTTON_LOOKS, "request_contact": FLAG, "request_location": FLAG})
REPLY_KEYBOARD = Object(
    {
        "keyboard": Field(ListOf(ListOf(KEYBOARD_BUTTON)), required=True),
        "is_persistent": FLAG,
        "resize_keyboard": FLAG,
        "one_time_keyboard": FLAG,
        "input_field_placeholder": PLACEHOLDER,
        "selective": FLAG,
        "force_reply": FLAG,
    }
)
KEYBOARD_REMOVAL = Object({"remove_keyboard": Field(Bool(only_true=True), required=True), "selective": FLAG})
FORCE_REPLY = Object(
    {
        "force_reply": Field(Bool(only_true=True), required=True),
        "input_field_placeholder": PLACEHOLDER,
        "selective": FLAG,
    }
)
REPLY_MARKUP = Variants(
    {
        "inline_keyboard": INLINE_KEYBOARD,
        "keyboard": REPLY_KEYBOARD,
        "remove_keyboard": KEYBOARD_REMOVAL,
        "force_reply": FORCE_REPLY,
    }
)

CAPTION = {"caption": TEXT, "parse_mode": PARSE_MODE, "caption_entities": ENTITIES}
KIND = Field(Str(), required=True)
INPUT_MEDIA = Variants(
    {
        "photo": Object(
            {
                "type": KIND,
                "media": Field(Str(low=1), required=True),
                **CAPTION,
                "show_caption_above_media": FLAG,
                "has_spoiler": FLAG,
            }
        ),
        "document": Object(
            {
                "type": KIND,
                "media": Field(Str(low=1), required=True),
                **CAPTION,
                "disable_content_type_detection": FLAG,
            }
        ),
    },
    key="type",
)

INLINE_TEXT = Object(
    {
        "message_text": Field(Str(low=1), required=True),
        "parse_mode": PARSE_MODE,
        "entities": ENTITIES,
        "link_preview_options": Field(LINK_PREVIEW_OPTIONS),
    }
)
INLINE_RESULT = Variants(
    {
        "article": Object(
            {
                "type": KIND,
                "id": Field(Str(low=1, high=64, in_bytes=True, error="RESULT_ID_INVALID"), required=True),
                "title": Field(Str(low=1), required=True),
                "input_message_content": Field(INLINE_TEXT, required=True),
                "reply_markup": Field(INLINE_KEYBOARD),
                "url": TEXT,
                "description": TEXT,
                "thumbnail_url": TEXT,
                "thumbnail_width": Field(Int(low=0)),
                "thumbnail_height": Field(Int(low=0)),
            }
        )
    },
    key="type",
)

BOT_COMMAND = Object(
    {
        "command": Field(Str(pattern=r"[a-z0-9_]{1,32}", error="BOT_COMMAND_INVALID"), required=True),
        "description": Field(Str(low=1, high=256, error="BOT_COMMAND_DESCRIPTION_INVALID"), required=True),
        "is_ephemeral": FLAG,
    }
)
CHAT = Field(ChatRef(), required=True)
COMMAND_SCOPE = Variants(
    {
        **{
            name: Object({"type": KIND})
            for name in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
        },
        "chat": Object({"type": KIND, "chat_id": CHAT}),
        "chat_administrators": Object({"type": KIND, "chat_id": CHAT}),
        "chat_member": Object({"type": KIND, "chat_id": CHAT, "user_id": Field(Int(1, MAX_INTEGER), required=True)}),
    },
    key="type",
)
MENU_BUTTON = Variants(
    {
        "commands": Object({"type": KIND}),
        "default": Object({"type": KIND}),
        "web_app": Object({"type": KIND, "text": BUTTON_LABEL, "web_app": Field(WEB_APP, required=True)}),
    },
    key="type",
)
