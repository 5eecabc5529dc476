"""One question at a time before an order is placed: a tap or a few words answer it, and all can be changed."""

from bot.domain.catalogue import ResourceCard
from bot.domain.errors import BadAnswer, GuichetError, OutOfDate, SoldOut
from bot.domain.ids import InventoryId
from bot.domain.questions import SKIPPED, Asked, QuestionKind, Questionnaire
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.answer_buttons import BACK, BEGIN, KEEP, LIST, MARKS, SHOW, SKIP, TAKE, place_field
from handlers.answer_words import bad_answer, how_to_answer, kept_or_dash, label, understood
from handlers.callbacks import Action, Call
from handlers.categories import pager
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, back
from handlers.selections import fields_of, leading
from handlers.summary import present_summary
from handlers.texts import Texts
from handlers.visits import Visit
from handlers.waiting import present_choice

PER_PAGE = 8


def _place(field: str, found: Questionnaire) -> int:
    place = callbacks.number(field) // MARKS
    if place >= len(found.asked) or place_field(place, found.asked[place]) != callbacks.number(field):
        raise OutOfDate
    return place


def question_screen(found: Questionnaire, place: int, selection: Selection, card: ResourceCard, texts: Texts) -> Screen:
    asked = found.asked[place]
    question, kept = asked.question, found.drafts.get(asked.key)
    answered = found.stands(place) and kept not in {None, SKIPPED}
    here = place_field(place, asked)
    options = [
        _button(label(question, value, texts), selection, TAKE, here, index)
        for index, value in enumerate(question.values)
    ]
    together = question.kind is QuestionKind.YES_NO
    return Screen(
        title=texts.own(question.text),
        blocks=(
            texts.own(card.name),
            _whose(found, asked, texts),
            gap(how_to_answer(question, texts)),
            texts.gettext("Your answer: {answer}", answer=kept_or_dash(question, kept, texts)) if answered else "",
        ),
        rows=(
            *([tuple(options)] if together else [(option,) for option in options]),
            (
                *((_button(texts.gettext("Keep it"), selection, KEEP, here),) if answered else ()),
                *(() if question.required else (_button(texts.gettext("Skip"), selection, SKIP, here),)),
            ),
            _way_back(found, place, selection, texts),
        ),
        picture=card.photo,
    )


def _whose(found: Questionnaire, asked: Asked, texts: Texts) -> str:
    """Which of the guests is meant; nothing where there is but one."""
    guests = max(each.guest for each in found.asked)
    if not asked.guest or guests == 1:
        return ""
    return texts.gettext("Guest {number} of {count}", number=asked.guest, count=guests)


def _way_back(found: Questionnaire, place: int, selection: Selection, texts: Texts) -> Row:
    if place == 0:
        return (_button(texts.gettext("Back"), selection, BACK),)
    before = place_field(place - 1, found.asked[place - 1])
    return (_button(texts.gettext("Back"), selection, SHOW, before),)


def _button(words: str, selection: Selection, step: str, *fields: int) -> Button:
    return act(words, Action.ANSWER, *leading(selection), step, *fields)


def answers_screen(found: Questionnaire, selection: Selection, card: ResourceCard, texts: Texts, page: int) -> Screen:
    """All answers, each to be changed by a tap."""
    pages = max(1, -(-len(found.asked) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = list(enumerate(found.asked))[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Screen(
        title=texts.gettext("Your answers"),
        blocks=(texts.own(card.name), texts.gettext("Tap an answer to change it.")),
        rows=(
            *(
                (_button(_given(found, each, texts), selection, SHOW, place_field(place, each)),)
                for place, each in shown
            ),
            pager(page, pages, Action.ANSWER, *leading(selection), LIST),
            back(texts, Action.SUMMARY, *fields_of(selection)),
        ),
        picture=card.photo,
    )


def _given(found: Questionnaire, asked: Asked, texts: Texts) -> str:
    said = {
        "answer": kept_or_dash(asked.question, found.drafts.get(asked.key), texts),
        "question": texts.own(asked.question.text),
    }
    if asked.guest:
        return texts.gettext("Guest {number}: {answer} · {question}", number=asked.guest, **said)
    return texts.gettext("{answer} · {question}", **said)


async def answer(visit: Visit, call: Call) -> None:
    """Whatever a button of the questions asks for."""
    inventory_id, counts = InventoryId(callbacks.number(call.word(0))), callbacks.counts(call.word(1))
    selection = Selection(inventory_id, counts, callbacks.number(call.word(2)))
    found = await visit.desk.questions.about(visit.customer.id, selection)
    match call.fields[3:]:
        case (step,) if step == BACK:
            await _leave_for_choice(visit, selection)
        case (step,) if step == BEGIN:
            await _go_on(visit, found, selection, -1)
        case (step, page) if step == LIST:
            await _list(visit, found, selection, callbacks.number(page))
        case (step, field) if step == SHOW:
            await ask(visit, found, selection, _place(field, found))
        case (step, field) if step == KEEP:
            await _go_on(visit, found, selection, _place(field, found))
        case (step, field) if step == SKIP:
            await _take(visit, found, selection, _place(field, found), SKIPPED)
        case (step, field, chosen) if step == TAKE:
            place = _place(field, found)
            values = found.asked[place].question.values
            if callbacks.number(chosen) >= len(values):
                raise OutOfDate
            await _take(visit, found, selection, place, values[callbacks.number(chosen)])
        case _:
            raise OutOfDate


async def _take(visit: Visit, found: Questionnaire, selection: Selection, place: int, written: str) -> None:
    """Keep an answer and go on; what cannot be taken is asked for once more."""
    try:
        now = await visit.desk.questions.answer(visit.customer.id, selection, found.asked[place].key, written)
    except BadAnswer as refusal:
        await ask(visit, found, selection, place, bad_answer(refusal, visit.texts))
    else:
        await _go_on(visit, now, selection, place)


async def _go_on(visit: Visit, found: Questionnaire, selection: Selection, place: int) -> None:
    """The next question that is open, or else the summary."""
    following = found.after(place)
    if following is not None:
        await ask(visit, found, selection, following)
    else:
        await _leave_for_choice(visit, selection)


async def _leave_for_choice(visit: Visit, selection: Selection) -> None:
    """To the summary; of what is full, to its waiting list."""
    await leave(visit)
    try:
        await present_summary(visit, selection.inventory_id, selection.counts, steps=selection.steps)
    except SoldOut:
        if selection.steps:
            raise
        await present_choice(visit, selection.inventory_id, selection.counts)


async def ask(visit: Visit, found: Questionnaire, selection: Selection, place: int, notice: str = "") -> None:
    """Show a question; from now on their next words are its answer."""
    await visit.desk.questions.expect(visit.customer.id, selection, found.asked[place].key)
    screen = question_screen(found, place, selection, await _card(visit, selection.inventory_id), visit.texts)
    await visit.show(screen.with_notice(notice) if notice else screen)


async def _list(visit: Visit, found: Questionnaire, selection: Selection, page: int) -> None:
    await leave(visit)
    card = await _card(visit, selection.inventory_id)
    await visit.show(answers_screen(found, selection, card, visit.texts, page))


async def _card(visit: Visit, inventory_id: InventoryId) -> ResourceCard:
    offer = await visit.desk.browsing.offer(inventory_id)
    return offer.card


async def leave(visit: Visit) -> None:
    """Whatever they write next is no answer; what was answered stays."""
    if visit.customer.asked is not None:
        await visit.desk.questions.leave(visit.customer.id)


async def took_answer(visit: Visit, text: str) -> bool:
    """Whether what was written is the answer that was awaited; then it is kept, or asked for once more."""
    awaited = visit.customer.asked
    if awaited is None or visit.desk.clock.now() >= awaited.until:
        return False
    selection = Selection(awaited.inventory_id, awaited.counts, awaited.steps)
    try:
        found = await visit.desk.questions.about(visit.customer.id, selection)
    except GuichetError:
        await leave(visit)
        raise
    place = next((place for place, each in enumerate(found.asked) if each.key == awaited.key), None)
    if place is None:
        await leave(visit)
        return False
    question = found.asked[place].question
    if text.strip():
        await _take(visit, found, selection, place, understood(question, text, visit.texts))
    else:
        await ask(visit, found, selection, place)
    return True
