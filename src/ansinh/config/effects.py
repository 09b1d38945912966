"""What a decision about a person touches in the rooms above people: asked here, handed down, never imported upwards."""

from __future__ import annotations

from ansinh.benefits.effects import effects_on_benefits
from ansinh.cards.queries import effects_on_cards
from ansinh.participation.queries import effects_on_participation
from ansinh.people.queries import EffectQuery

# Rooms that pay people say so with `money=True`: a confirmation then takes two officers.
EFFECTS: tuple[EffectQuery, ...] = (effects_on_participation, effects_on_cards, effects_on_benefits)
