"""Whose application somebody may act on: a person their own, whoever has a mandate that of the other, an officer anybody's, saying why."""

from __future__ import annotations

from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.people.queries import resolve
from ansinh.services.rows import Application, From, locked
from ansinh.services.states import Channel

CLIENT_KEY_LENGTH = (8, 100)
WHY_LENGTH_MAX = 300


def own_record(actor: Actor, person_id: int) -> int:
    """Return the record a person's applications stand under; raises NotFound where it is not the actor's to act for."""
    person = resolve(person_id)
    if actor.kind is ActorKind.PERSON and actor.reference != str(person):
        raise NotFound("Không có hồ sơ này.", "There is no such record.")
    return person


def way_of(actor: Actor, client_key: str, on_behalf_why: str | None) -> From:
    """Return by which way an application comes; raises InvalidInput for a key of another form, and an officer who does not say why."""
    shortest, longest = CLIENT_KEY_LENGTH
    if not (shortest <= len(client_key) <= longest and client_key.isascii() and client_key.isprintable()):
        raise InvalidInput(
            f"Mã biểu mẫu cần từ {shortest} đến {longest} ký tự.",
            f"The key of the form needs {shortest} to {longest} characters.",
            field="client_key",
        )
    if actor.kind is ActorKind.PERSON:
        return From(client_key, Channel.MANDATE if actor.by else Channel.PERSON, None)
    why = " ".join((on_behalf_why or "").split())
    if not 0 < len(why) <= WHY_LENGTH_MAX or not why.isprintable():
        raise InvalidInput(
            "Nộp thay thì cần nêu vì sao người này không tự nộp và đã kiểm tra giấy tờ gì.",
            "For somebody else, say why they do not apply themselves and which paper you saw.",
            field="on_behalf_why",
        )
    return From(client_key, Channel.OFFICER, why)


def the_applicants(actor: Actor, reference: str) -> Application:
    """Return an application for what its applicant may do to it; denied and absent look alike (NotFound)."""
    one = locked(reference, int(actor.reference) if actor.kind is ActorKind.PERSON else None)
    own_record(actor, one.person_id)
    return one
