"""The Bot API methods that the sandbox knows, with every parameter that it takes, written down as data.

What a shop never uses (business connections, topics, paid broadcasts, ephemeral and rich messages) is
left out on purpose: a call that carries it is refused by name.
"""

from bot.sandbox.telegram.schema import Bool, ChatRef, Field, Float, InputFile, Int, ListOf, Method, Str
from bot.sandbox.telegram.types import (
    BOT_COMMAND,
    CAPTION,
    COMMAND_SCOPE,
    ENTITIES,
    FLAG,
    INLINE_KEYBOARD,
    INLINE_RESULT,
    INPUT_MEDIA,
    LANGUAGE,
    LINK_PREVIEW_OPTIONS,
    MENU_BUTTON,
    PARSE_MODE,
    REPLY_MARKUP,
    REPLY_PARAMETERS,
    TEXT,
)

TEXT_LIMIT = 4096  # after entities are parsed
CAPTION_LIMIT = 1024  # the same

UPDATE_TYPES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request",
    "chat_boost", "removed_chat_boost", "managed_bot", "subscription", "guest_message", "stopped_message_generation",
)  # fmt: skip
ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip

CHAT = Field(ChatRef(), required=True)
MESSAGE_ID = Field(Int(low=1), required=True)
ALLOWED_UPDATES = Field(ListOf(Str(choices=UPDATE_TYPES)))
SCOPE = {"scope": Field(COMMAND_SCOPE), "language_code": LANGUAGE}
SENDING = {
    "chat_id": CHAT,
    "disable_notification": FLAG,
    "protect_content": FLAG,
    "message_effect_id": TEXT,
    "reply_parameters": Field(REPLY_PARAMETERS),
    "reply_markup": Field(REPLY_MARKUP),
}
EDITING = {"chat_id": CHAT, "message_id": MESSAGE_ID, "reply_markup": Field(INLINE_KEYBOARD)}
CONTENT = {
    "text": Field(Str(), required=True),
    "parse_mode": PARSE_MODE,
    "entities": ENTITIES,
    "link_preview_options": Field(LINK_PREVIEW_OPTIONS),
}

METHODS = {
    "getMe": Method(),
    "getUpdates": Method(
        {
            "offset": Field(Int()),
            "limit": Field(Int(1, 100)),
            "timeout": Field(Int(low=0)),
            "allowed_updates": ALLOWED_UPDATES,
        }
    ),
    "setWebhook": Method(
        {
            "url": Field(Str(), required=True),
            "ip_address": TEXT,
            "max_connections": Field(Int(1, 100)),
            "allowed_updates": ALLOWED_UPDATES,
            "drop_pending_updates": FLAG,
            "secret_token": Field(
                Str(1, 256, pattern=r"[A-Za-z0-9_-]+", error="secret token contains unallowed characters")
            ),
        }
    ),
    "deleteWebhook": Method({"drop_pending_updates": FLAG}),
    "getWebhookInfo": Method(),
    "sendMessage": Method({**SENDING, **CONTENT}),
    "sendPhoto": Method(
        {
            **SENDING,
            "photo": Field(InputFile(), required=True),
            **CAPTION,
            "show_caption_above_media": FLAG,
            "has_spoiler": FLAG,
        }
    ),
    "sendDocument": Method(
        {
            **SENDING,
            "document": Field(InputFile(), required=True),
            **CAPTION,
            "disable_content_type_detection": FLAG,
        }
    ),
    "sendVenue": Method(
        {
            **SENDING,
            "latitude": Field(Float(-90, 90), required=True),
            "longitude": Field(Float(-180, 180), required=True),
            "title": Field(Str(low=1), required=True),
            "address": Field(Str(low=1), required=True),
            "foursquare_id": TEXT,
            "foursquare_type": TEXT,
            "google_place_id": TEXT,
            "google_place_type": TEXT,
        }
    ),
    "sendChatAction": Method(
        {
            "chat_id": CHAT,
            "action": Field(Str(choices=ACTIONS, error="wrong parameter action in request"), required=True),
        }
    ),
    "editMessageText": Method({**EDITING, **CONTENT}),
    "editMessageCaption": Method({**EDITING, **CAPTION, "show_caption_above_media": FLAG}),
    "editMessageMedia": Method({**EDITING, "media": Field(INPUT_MEDIA, required=True)}),
    "editMessageReplyMarkup": Method(EDITING),
    "deleteMessage": Method({"chat_id": CHAT, "message_id": MESSAGE_ID}),
    "answerCallbackQuery": Method(
        {
            "callback_query_id": Field(Str(low=1), required=True),
            "text": Field(Str(high=200, error="MESSAGE_TOO_LONG")),
            "show_alert": Field(Bool()),
            "url": TEXT,
            "cache_time": Field(Int(low=0)),
        }
    ),
    "answerInlineQuery": Method(
        {
            "inline_query_id": Field(Str(low=1), required=True),
            "results": Field(ListOf(INLINE_RESULT, high=50, error="RESULTS_TOO_MUCH"), required=True),
            "cache_time": Field(Int(low=0)),
            "is_personal": FLAG,
            "next_offset": Field(Str(high=64, in_bytes=True, error="NEXT_OFFSET_INVALID")),
        }
    ),
    "setMyCommands": Method(
        {
            "commands": Field(ListOf(BOT_COMMAND, high=100, error="BOT_COMMANDS_TOO_MUCH"), required=True),
            **SCOPE,
        }
    ),
    "getMyCommands": Method(SCOPE),
    "deleteMyCommands": Method(SCOPE),
    "setMyDescription": Method({"description": Field(Str(high=512)), "language_code": LANGUAGE}),
    "setMyShortDescription": Method({"short_description": Field(Str(high=120)), "language_code": LANGUAGE}),
    "setMyName": Method({"name": Field(Str(high=64)), "language_code": LANGUAGE}),
    "setChatMenuButton": Method({"chat_id": Field(Int()), "menu_button": Field(MENU_BUTTON)}),
    "getFile": Method({"file_id": Field(Str(low=1), required=True)}),
}
