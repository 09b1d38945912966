"""The failure cases every payment system meets, by number, and which tests prove each.

The list is the design's: crash and time 1-7, banks 8-24, people and what is known of them 25-33, emergencies 34-38.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

P, R, C = "tests/payments/", "tests/relief/", "tests/reckoning/"
CASES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "worker killed at every commit",
        (
            f"{P}test_carried_runs.py::test_a_worker_killed_at_some_commits_of_steps_and_engine_is_made_good",
            f"{P}test_carried_runs.py::test_a_worker_killed_at_every_commit_of_steps_and_engine_is_made_good",
            f"{P}test_killed_workers.py::test_a_worker_killed_at_every_commit_is_made_good",
        ),
    ),
    2: (
        "server killed in mid-chunk",
        (
            f"{P}test_failures.py::test_a_connection_lost_in_a_chunk_leaves_nothing_of_it",
            f"{P}test_server_killed.py::test_a_server_killed_in_mid_chunk_comes_back_with_whole_chunks",
        ),
    ),
    3: (
        "a stopped process wakes",
        (
            f"{P}test_failures.py::test_a_process_that_stood_still_hands_nothing_over",
            "tests/durable/test_durable_work.py::test_what_a_lost_worker_left_is_taken_over_and_the_lost_one_is_refused",
        ),
    ),
    4: (
        "two start the same run",
        (
            f"{P}test_concurrency.py::test_two_runs_claim_each_obligation_once",
            f"{P}test_concurrency.py::test_one_try_at_a_time",
            f"{P}test_failures.py::test_two_officers_hand_over_one_run_once",
        ),
    ),
    5: (
        "clock, month end, holiday, cut-off",
        (
            f"{P}test_failures.py::test_outside_its_hours_and_days_a_partner_gets_nothing",
            f"{P}test_failures.py::test_a_clock_that_jumps_sends_nothing_twice",
            f"{P}test_accounts.py::test_the_rule_of_the_20th",
        ),
    ),
    6: (
        "disk full, half a file left",
        (
            f"{P}test_failures.py::test_a_full_disk_leaves_the_batch_unknown_and_the_same_bytes_go_later",
            f"{P}test_partners.py::test_half_written_files_are_nobodys",
        ),
    ),
    7: ("deploy in mid-run", (f"{P}test_failures.py::test_a_newer_program_carries_on_what_an_older_began",)),
    8: ("request lost", (f"{P}test_hand_over.py::test_request_lost_goes_again_with_the_same_bytes_only_after_proof",)),
    9: (
        "arrives after we asked",
        (
            f"{P}test_failures.py::test_a_message_that_arrives_later_than_any_contract_permits_is_not_sent_again",
            f"{P}test_simulation.py::test_months_from_seeds",
        ),
    ),
    10: ("answer lost", (f"{P}test_hand_over.py::test_answer_lost_is_asked_after_and_never_sent_again",)),
    11: (
        "silent for days",
        (f"{P}test_killed_workers.py::test_banks_that_are_silent_for_days_and_tell_everything_twice_pay_once",),
    ),
    12: (
        "whole file refused",
        (
            f"{P}test_killed_workers.py::test_whole_files_refused_are_paid_in_cash_once_a_person_has_looked",
            f"{P}test_hand_over.py::test_a_refused_file_frees_its_orders_and_opens_a_case",
        ),
    ),
    13: (
        "told twice, corrected",
        (
            f"{P}test_month.py::test_what_was_taken_in_twice_counts_once",
            f"{P}test_failures.py::test_the_same_answers_in_two_files_count_once_and_a_correction_is_a_case",
        ),
    ),
    14: (
        "accepted, then rejected",
        (f"{P}test_failures.py::test_accepted_then_rejected_at_settlement_goes_another_way",),
    ),
    15: (
        "returned after next month was paid",
        (f"{P}test_failures.py::test_money_returned_after_the_run_was_closed_is_due_again",),
    ),
    16: (
        "returned with another amount, or without our id",
        (
            f"{P}test_hand_over.py::test_returned_weeks_later_and_with_another_amount",
            f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",
        ),
    ),
    17: (
        "statement with a hole",
        (
            f"{C}test_comparing.py::test_an_entry_left_out_is_a_hole",
            f"{C}test_comparing.py::test_a_day_nobody_told_of_shows_in_the_next_opening",
            f"{C}test_statements.py::test_a_hole_and_a_missing_day_are_named_and_later_answers_explain_what_they_can",
        ),
    ),
    18: ("unknown line", (f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",)),
    19: (
        "answer for another bank's batch",
        (f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",),
    ),
    20: (
        "a bank pays twice",
        (
            f"{P}test_killed_workers.py::test_a_bank_that_pays_twice_is_noticed_and_one_that_loses_answers_pays_once",
            f"{C}test_statements.py::test_a_bank_that_pays_twice_is_noticed_whether_it_says_so_or_not",
        ),
    ),
    21: ("slow bank", (f"{P}test_hand_over.py::test_a_silent_bank_does_not_hold_the_others",)),
    22: (
        "bank renamed in mid-run",
        (f"{P}test_failures.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",),
    ),
    23: (
        "twenty minutes dark",
        (
            f"{P}test_failures.py::test_twenty_minutes_of_darkness_send_nothing_twice",
            f"{P}test_simulation.py::test_months_from_seeds",
        ),
    ),
    24: (
        "refused as a duplicate",
        (f"{P}test_failures.py::test_refused_as_a_duplicate_is_asked_after_and_never_paid_another_way",),
    ),
    25: (
        "account changed after the freeze",
        (
            f"{P}test_hand_over.py::test_the_message_stays_what_was_frozen",
            f"{P}test_failures.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",
        ),
    ),
    26: (
        "death",
        (
            f"{P}test_building.py::test_checks_find_and_withhold",
            f"{P}test_failures.py::test_a_death_told_by_the_bank_withholds_and_nothing_goes_out_again",
            f"{C}test_recoveries.py::test_what_was_paid_after_death_and_too_much_is_asked_back_once",
        ),
    ),
    27: (
        "one account, many payees",
        (
            f"{P}test_building.py::test_checks_find_and_withhold",
            f"{P}test_building.py::test_two_children_of_one_guardian_are_both_paid_the_same",
        ),
    ),
    28: (
        "two benefits, equal amounts",
        (
            f"{P}test_building.py::test_two_children_of_one_guardian_are_both_paid_the_same",
            f"{P}test_failures.py::test_two_benefits_of_one_sum_are_both_paid",
        ),
    ),
    29: (
        "moved in mid-month",
        (f"{P}test_failures.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",),
    ),
    30: (
        "names with Đ, spaces, decomposed",
        (
            f"{P}test_building.py::test_names_are_compared_as_banks_print_them",
            f"{P}test_hand_over.py::test_names_with_odd_characters_are_sealed_and_written_as_they_are",
        ),
    ),
    31: (
        "letters and leading zeros in accounts",
        (f"{P}test_failures.py::test_an_account_is_text_from_the_freeze_to_the_message",),
    ),
    32: (
        "nothing to pay, corrections larger than the benefit",
        (f"{P}test_building.py::test_corrections_net_and_what_is_not_positive_stays_due",),
    ),
    33: (
        "maker approves, role removed, row altered",
        (
            f"{P}test_three_people.py::test_no_run_is_authorised_by_fewer_than_three",
            f"{P}test_three_people.py::test_a_role_taken_away_between_signatures_ends_it",
            f"{P}test_tables.py::test_a_line_changed_after_the_seal_is_not_handed_over",
        ),
    ),
    34: (
        "re-routed while the list is at the post",
        (
            f"{R}test_lists_at_the_post.py::test_a_recall_that_is_confirmed_lets_cash_go_to_the_account",
            f"{R}test_lists_at_the_post.py::test_a_list_the_post_does_not_give_back_stays_with_it",
        ),
    ),
    35: (
        "combined months, then the normal run",
        (
            f"{R}test_months_together.py::test_two_months_are_one_order_and_the_normal_run_of_the_second_pays_nobody_twice",
        ),
    ),
    36: (
        "withdrawn half-way",
        (f"{R}test_months_together.py::test_withdrawn_half_way_what_was_sent_stays_and_the_rest_goes_back",),
    ),
    37: (
        "offline list twice, out of order, lines nobody sent",
        (f"{R}test_without_a_network.py::test_results_come_twice_out_of_order_and_with_lines_nobody_sent",),
    ),
    38: (
        "three days without a network",
        (
            f"{R}test_without_a_network.py::test_a_province_dark_for_three_days_keeps_its_list_unknown_and_gets_the_same_bytes",
        ),
    ),
}


@pytest.mark.parametrize("number_of_case", range(1, 39))
def test_every_case_has_its_tests(number_of_case: int) -> None:
    for named in CASES[number_of_case][1]:
        file, _, name = named.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}, named
