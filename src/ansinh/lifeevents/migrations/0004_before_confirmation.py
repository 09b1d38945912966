"""Let relatives confirm: a step of births and deaths, and the word for those who have it in hand.

Locks: `lifeevents_step` and `lifeevents_told` are read once while their constraints are made anew; a matter of seconds at two million files. Undo: the words
are taken away, which fails while such steps are there.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifeevents", "0003_before_results"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="filestep",
            name="lifeevents_step_known",
        ),
        migrations.RemoveConstraint(
            model_name="filestep",
            name="lifeevents_step_office_known",
        ),
        migrations.RemoveConstraint(
            model_name="told",
            name="lifeevents_told_teller_known",
        ),
        migrations.AddConstraint(
            model_name="filestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "age_reached",
                            "birth",
                            "card",
                            "card_ending",
                            "card_locked",
                            "confirmation",
                            "cover_ended",
                            "death",
                            "facility",
                            "funeral",
                            "funeral_support",
                            "moved",
                            "payments_moved",
                            "payments_stopped",
                            "pension",
                            "pupil_card",
                            "residence",
                            "residence_off",
                            "survivors",
                            "unemployment",
                            "work_ended",
                        ],
                    )
                ),
                name="lifeevents_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "office__in",
                        [
                            "agency",
                            "applicant",
                            "civil-status",
                            "employer",
                            "hospital",
                            "police",
                            "population-register",
                            "relatives",
                            "social-assistance",
                        ],
                    )
                ),
                name="lifeevents_step_office_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "teller__in",
                        [
                            "agency",
                            "applicant",
                            "civil-status",
                            "employer",
                            "hospital",
                            "police",
                            "population-register",
                            "relatives",
                            "social-assistance",
                        ],
                    )
                ),
                name="lifeevents_told_teller_known",
            ),
        ),
    ]
