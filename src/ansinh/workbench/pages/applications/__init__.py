"""Applications for services: the queue by deadline, one application, and what an officer does with it."""

from __future__ import annotations

from ansinh.workbench.pages.applications.listing import applications_page
from ansinh.workbench.pages.applications.one import application_page, attachment_file

PAGES = {
    "services": applications_page,
    "services/<str:reference>": application_page,
    "services/<str:reference>/papers/<int:attachment>": attachment_file,
}
