"""Routes of the people's screens, and of partners that call us. Each says who may see it, or is open on purpose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from ansinh.config.declared import declared_fields
from ansinh.config.effects import EFFECTS
from ansinh.config.faces import face_at
from ansinh.config.following import decide_and_follow
from ansinh.config.partner_calls import notify
from ansinh.config.queries import agency_clock
from ansinh.desk.views import form_refused as desk_refused
from ansinh.desk.views import routes as desk_routes
from ansinh.portal.acts.routes import acts_routes
from ansinh.portal.views import form_refused as portal_refused
from ansinh.portal.views import routes as portal_routes
from ansinh.wallet.views import routes as wallet_routes
from ansinh.workbench.views import form_refused as workbench_refused
from ansinh.workbench.views import routes as workbench_routes


def livez(request: HttpRequest) -> HttpResponse:
    """Tell that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without our key on the screens it came from."""
    answers = {"portal": portal_refused, "desk": desk_refused, "workbench": workbench_refused}
    return answers[face_at(request.path)](request, reason)


handler404 = "ansinh.portal.views.not_found"
urlpatterns = [
    path("registry/notify", notify, name="registry-notify"),
    path("livez", livez, name="livez"),
    *wallet_routes(agency_clock),
    *desk_routes(agency_clock),
    *workbench_routes(agency_clock, EFFECTS, decide_and_follow),
    *acts_routes(agency_clock, declared_fields),
    *portal_routes(agency_clock),
]
