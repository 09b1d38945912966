"""What the checker of imports cannot see, because it stands in strings: foreign keys, templates, permissions of operations."""

from __future__ import annotations

import configparser
import re

from django.apps import apps
from django.db.models import ForeignKey

from tests.architecture.project import PLATFORM, ROOT, shown

FACES = ("portal", "workbench", "desk")


def _height_of_rooms() -> dict[str, int]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = [line for line in contracts["importlinter:contract:order"]["layers"].split("\n") if line.strip()]
    return {
        room.strip().strip("()"): len(lines) - number for number, line in enumerate(lines) for room in line.split("|")
    }


def test_foreign_keys_point_downwards_and_leave_no_name_above() -> None:
    heights = _height_of_rooms()
    wrong = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if not isinstance(field, ForeignKey) or not model.__module__.startswith("ansinh."):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here != there and (heights[there] >= heights[here] or field.remote_field.related_name != "+"):
                wrong.append(f"{model.__name__}.{field.name} -> {there}")
    assert not wrong, (
        f'{wrong}. Cure: point down the order of rooms, with related_name="+"; upwards, keep the number alone.'
    )


def test_templates_stay_within_their_face() -> None:
    wrong = []
    for face in FACES:
        for page in sorted((PLATFORM / face).rglob("*.html")):
            named = re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", page.read_text(encoding="utf-8"))
            wrong += [f"{shown(page)} uses {name}" for name in named if not name.startswith(f"{face}/")]
            routes = re.findall(r"{%\s*url\s+[\"']([^\"']+)[\"']", page.read_text(encoding="utf-8"))
            wrong += [
                f"{shown(page)} leads to {route}"
                for route in routes
                if ":" in route and not route.startswith(f"{face}:")
            ]
    assert not wrong, f"{wrong}. Cure: a face has its own fragments and routes; share what lies below the faces."
