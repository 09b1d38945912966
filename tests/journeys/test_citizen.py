"""A citizen's whole day at the portal: in at two levels with the e-ID, all that is theirs, every act; both sizes, both languages, with scripts and without."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from ansinh.places.operations import load_reference
from ansinh.portal.words import Words, root
from ansinh.portal.words.account import WORDS as ACCOUNT
from ansinh.portal.words.acting import WORDS as ACTING
from ansinh.portal.words.book import WORDS as BOOK
from ansinh.portal.words.card import WORDS as CARD
from ansinh.portal.words.correction import WORDS as CORRECTION
from ansinh.portal.words.door import WORDS as DOOR
from ansinh.portal.words.family import WORDS as FAMILY
from ansinh.portal.words.health import WORDS as HEALTH
from ansinh.portal.words.home import WORDS as HOME
from ansinh.portal.words.looks import WORDS as LOOKS
from ansinh.portal.words.my_data import WORDS as MY_DATA
from ansinh.portal.words.payments import WORDS as PAYMENTS
from ansinh.portal.words.services import WORDS as SERVICES
from ansinh.portal.words.shell import WORDS as SHELL
from ansinh_sandbox.eid.pages import WORDS as THEIR_WORDS
from tests.desk.browsing import DESKTOP, PHONE, browser_of, new_context
from tests.journeys.doors import Place, allow, open_door, prove
from tests.mandates.family import add_person, die
from tests.portal.household import CARD as CARD_NUMBER
from tests.portal.household import FATHER, MOTHER, NOW, TODDLER, furnish, name_of, pin_of, secrets_of
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import SharedServer, pointed_at

BANK, ACCOUNT_NUMBER = "techcombank", "19031234567890"
NUMBER_ASKED = {"vi": "Số định danh cá nhân của người đã mất", "en": "Personal number of the deceased"}
NAME_ASKED = {"vi": "Họ và tên người đã mất", "en": "Full name of the deceased"}
# Each claims for a death of their own: one is paid for once.
DEAD = [(61_100 + place, f"00114000010{place}", name) for place, name in enumerate(("Đặng Văn Cố", "Lê Thị Cố", "Phạm Văn Cố", "Hồ Thị Cố"))]  # fmt: skip


@pytest.fixture(scope="module")
def place(
    database_server: SharedServer,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A household on record, whose parents have an e-ID; four relatives have died."""
    with (
        database_server.copy_of(database_template, "c") as database,
        django_db_blocker.unblock(),
        pointed_at(database),
    ):
        furnish(database, tmp_path_factory.mktemp("paid"))
        load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=NOW)
        for person, pin, name in DEAD:
            add_person(person, pin, name, "M", date(1940, 1, 1))
            die(person, date(2025, 7, 10))
        accounts = {pin_of(one): name_of(one) for one in (MOTHER, FATHER)}
        with open_door(database, tmp_path_factory.mktemp("door"), accounts) as found:
            yield found


@pytest.fixture(scope="module")
def browser(place: Place) -> Iterator[Browser]:
    """One browser for all; begun after the place, because Django refuses to work beside the browser's loop."""
    with sync_playwright() as playwright, browser_of(playwright) as found:
        yield found


@pytest.mark.parametrize(
    ("who", "language", "size", "scripts", "dead"),
    [
        (MOTHER, "vi", PHONE, True, 0),
        (FATHER, "vi", DESKTOP, False, 1),
        (FATHER, "en", PHONE, False, 2),
        (MOTHER, "en", DESKTOP, True, 3),
    ],
    ids=["vi-phone", "vi-desktop-no-script", "en-phone-no-script", "en-desktop"],
)
def test_a_citizen_comes_in_sees_everything_and_does_everything(
    browser: Browser, place: Place, who: int, language: str, size: dict[str, int], scripts: bool, dead: int
) -> None:
    page = new_context(browser, viewport=size, java_script_enabled=scripts).new_page()
    one = Citizen(page, place, who, language)
    one.comes_in()
    one.sees_what_is_known()
    one.changes_the_account()
    one.claims_for_a_funeral(*DEAD[dead][1:])
    one.corrects_the_book(f"2019-{dead}")
    one.acts_for_the_child(f"2022-{dead}")
    one.finds_who_looked_and_disputes_it()
    page.context.close()


class Citizen:
    """Somebody at a browser, in one language."""

    def __init__(self, page: Page, place: Place, who: int, language: str) -> None:
        self.page, self.place, self.who, self.language = page, place, who, language
        self.base = f"{place.ours}{root(language)}"

    def comes_in(self) -> None:
        """Sign in at level 1; a page of money then asks for level 2."""
        page, door, theirs = self.page, DOOR[self.language], THEIR_WORDS[self.language]
        page.goto(f"{self.base}book")
        page.get_by_role("button", name=door["in_button"]).click()
        prove(page, self.language, pin_of(self.who))
        allow(page, self.language)
        self.reads(BOOK, "title")
        page.goto(f"{self.base}payments")
        self.reads(DOOR, "up_title")
        page.get_by_role("button", name=door["up_button"]).click()
        prove(page, self.language, pin_of(self.who))
        page.get_by_role("button", name=theirs["face_do"]).click()
        allow(page, self.language)
        self.reads(PAYMENTS, "title")

    def sees_what_is_known(self) -> None:
        """Open home, card, book, payments and health: each shows what is on record."""
        page, main = self.page, self.page.get_by_role("main")
        page.goto(self.base)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            HOME[self.language]["hello"].format(name=name_of(self.who))
        )
        page.goto(f"{self.base}card")
        self.reads(CARD, "title")
        expect(page.get_by_role("img", name=CARD[self.language]["code_described"])).to_be_visible()
        expect(main).to_contain_text(CARD_NUMBER.format(self.who)[-4:])
        page.goto(f"{self.base}book")
        expect(main).to_contain_text("Công ty May Sông Hồng")
        page.goto(f"{self.base}payments")
        self.reads(PAYMENTS, "title")
        page.goto(f"{self.base}health")
        self.reads(HEALTH, "title")
        page.goto(f"{self.base}health/visits/1")
        expect(main).to_contain_text(secrets_of(self.who)[0])

    def changes_the_account(self) -> None:
        """Name another account and confirm it with the code that was sent."""
        page, words = self.page, ACCOUNT[self.language]
        page.goto(f"{self.base}payments/account")
        page.get_by_label(words["bank"], exact=True).fill(BANK)
        page.get_by_label(words["account"], exact=True).fill(ACCOUNT_NUMBER)
        page.get_by_label(words["holder"], exact=True).fill(name_of(self.who))
        self.goes_on()
        expect(page.get_by_role("main")).to_contain_text(ACCOUNT_NUMBER)
        former = self.codes()
        page.get_by_role("button", name=words["send"]).click()
        self.reads(ACCOUNT, "code_title")
        (code,) = self.codes() - former
        page.get_by_label(words["code"], exact=True).fill(code)
        page.get_by_role("button", name=words["confirm"]).click()
        self.reads(ACCOUNT, "done_title")

    def claims_for_a_funeral(self, number: str, name: str) -> None:
        """Apply for the allowance; the answer has a receipt."""
        page, words = self.page, SERVICES[self.language]
        page.goto(f"{self.base}services/apply/funeral")
        page.get_by_label(NUMBER_ASKED[self.language]).fill(number)
        page.get_by_label(NAME_ASKED[self.language]).fill(name)
        self.goes_on()
        self.reads(ACTING, "check_title")
        page.get_by_role("button", name=words["send"], exact=True).click()
        expect(page.get_by_text(words["sent"], exact=True)).to_be_visible()

    def corrects_the_book(self, year: str) -> None:
        """Say what is missing; the request has a number."""
        page, words = self.page, CORRECTION[self.language]
        page.goto(f"{self.base}book/correct")
        page.get_by_label(words["wrong"]).fill(f"thiếu năm {year}")
        page.get_by_label(words["evidence"]).fill(f"hợp đồng {year}")
        self.goes_on()
        page.get_by_role("button", name=words["send"], exact=True).click()
        expect(page.get_by_text(before(words["done"]))).to_be_visible()

    def acts_for_the_child(self, year: str) -> None:
        """See and do as the child's parent, and find back to the own pages."""
        page = self.page
        page.goto(f"{self.base}family")
        self.reads(FAMILY, "title")
        page.get_by_role("button", name=name_of(TODDLER)).click()
        expect(page.locator(".acting")).to_contain_text(name_of(TODDLER))
        page.goto(f"{self.base}health/visits/1")
        expect(page.get_by_role("main")).to_contain_text(secrets_of(TODDLER)[0])
        self.corrects_the_book(year)
        expect(page.locator(".acting")).to_contain_text(name_of(TODDLER))
        page.get_by_role("button", name=SHELL[self.language]["acting_end"]).click()
        expect(page.locator(".acting")).to_have_count(0)

    def finds_who_looked_and_disputes_it(self) -> None:
        """Open the list of looks, ask about one, and read the number of the dispute."""
        page = self.page
        page.goto(f"{self.base}who-looked")
        self.reads(LOOKS, "title")
        page.get_by_role("link", name=LOOKS[self.language]["dispute"]).first.click()
        self.reads(MY_DATA, "dispute_title")
        page.get_by_role("button", name=MY_DATA[self.language]["dispute_send"]).click()
        expect(page.get_by_text(before(MY_DATA[self.language]["dispute_sent"])).first).to_be_visible()

    def reads(self, words: Words, key: str) -> None:
        """The page's heading is this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words[self.language][key])

    def goes_on(self) -> None:
        """Press the button of a form that is checked next."""
        self.page.get_by_role("button", name=ACTING[self.language]["continue"], exact=True).click()

    def codes(self) -> set[str]:
        """Return the one-time codes the person was ever sent, read past Django, which refuses to work beside the browser's loop."""
        asked = "SELECT parameters::text FROM notices_message WHERE person_id = %s AND template = 'account_code'"
        with psycopg.connect(self.place.database) as connection:
            return {str(json.loads(told)["code"]) for (told,) in connection.execute(asked, [self.who])}


def before(text: str) -> re.Pattern[str]:
    """Return what a text says, whatever number it names."""
    return re.compile(re.escape(text.partition("{")[0]))
