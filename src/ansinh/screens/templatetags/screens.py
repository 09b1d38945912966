"""`{% load screens %}`: `{% show part %}` shows a component, or plain text as it is; `{% icon "card" %}` draws a sign, silent to those who hear pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from ansinh.screens.components import Part
from ansinh.screens.icons import ICONS

register = template.Library()


@register.simple_tag(takes_context=True)
def show(context: template.Context, part: Part | str) -> str:
    """Return the part as HTML: by its own template, which sees `part`, the page's `words` and `language`, the marks of forms, and nothing else."""
    if not isinstance(part, Part):
        return conditional_escape(part)
    given: dict[str, Any] = {
        "part": part,
        "words": context["words"],
        "language": context["language"],
        "csrf_token": context.get("csrf_token"),
        "whose_mark": context.get("whose_mark"),
    }
    return get_template(f"screens/components/{part.template}.html").render(given)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a sign of 24 by 24; an unknown name draws nothing."""
    path = ICONS.get(name)
    if path is None:
        return mark_safe("")
    return mark_safe(  # noqa: S308 - our own drawing, from a table
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{path}"/></svg>'
    )
