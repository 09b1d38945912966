"""Every field of the room, sorted. What somebody applies for tells of deaths, poverty, illness and accounts."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_PERSON = personal("whom the application is for", scrub=Scrub.KEEP)
_WHO = personal("who did it", scrub=Scrub.KEEP, retention=Retention.RECORD)
_WORDS = sensitive("what applicant and officers read of it", retention=Retention.RECORD)

TABLES = {
    "services_application": {
        "person_id": _PERSON,
        "application_id": PUBLIC,
        "reference": personal("names the application in addresses of pages", scrub=Scrub.INVENT),
        "service": PUBLIC,
        "name_vi": PUBLIC,
        "name_en": PUBLIC,
        "client_key": PUBLIC,
        "channel": PUBLIC,
        "filed_by": _WHO,
        "on_behalf_why": sensitive("why an officer applied in somebody's place", retention=Retention.RECORD),
        "about_person_id": personal("the deceased or the child the application is about", scrub=Scrub.KEEP),
        "content": sensitive("what the applicant answered: kin, accounts, poverty, work"),
        "state": PUBLIC,
        "drafted_at": PUBLIC,
        "submitted_at": PUBLIC,
        "receipt": PUBLIC,
        "submitted_sha256": PUBLIC,
        "deadline_name": PUBLIC,
        "deadline_days": PUBLIC,
        "due_on": PUBLIC,
        "forwarded_to": personal("leads to the record of the deciding room", scrub=Scrub.KEEP),
        "result_vi": _WORDS,
        "result_en": _WORDS,
        "result_facts": sensitive("what the result says: amounts, card, account", retention=Retention.RECORD),
        "paper": PUBLIC,
        "closed_on": PUBLIC,
        "carried_over": PUBLIC,
    },
    "services_line": {
        "person_id": _PERSON,
        "application_id": PUBLIC,
        "line_no": PUBLIC,
        "happened_at": PUBLIC,
        "happening": PUBLIC,
        "by": _WHO,
        "words_vi": _WORDS,
        "words_en": _WORDS,
    },
    "services_pause": {
        "person_id": _PERSON,
        "application_id": PUBLIC,
        "paused_at": PUBLIC,
        "because_vi": _WORDS,
        "because_en": _WORDS,
        "wanted": PUBLIC,
        "until_on": PUBLIC,
        "ended_at": PUBLIC,
    },
    "services_alert": {
        "person_id": _PERSON,
        "application_id": PUBLIC,
        "kind": PUBLIC,
        "due_on": PUBLIC,
        "raised_on": PUBLIC,
        "because_vi": PUBLIC,
        "because_en": PUBLIC,
        "new_due_on": PUBLIC,
    },
    "services_attachment": {
        "person_id": _PERSON,
        "attachment_id": PUBLIC,
        "month": PUBLIC,
        "application_id": PUBLIC,
        "paper": PUBLIC,
        "name": sensitive("the file's name as its owner gave it"),
        "media_type": PUBLIC,
        "sha256": PUBLIC,
        "size": PUBLIC,
        "content": sensitive("a paper that shows what the applicant answered"),
        "added_at": PUBLIC,
        "added_by": _WHO,
        "removed_at": PUBLIC,
    },
    "services_reading": {
        "person_id": _PERSON,
        "attachment_id": PUBLIC,
        "read_at": PUBLIC,
        "reader": _WHO,
        "purpose": PUBLIC,
        "reason": personal("why it was opened, shown to whom it is about", retention=Retention.RECORD),
    },
}
