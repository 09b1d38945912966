"""What may be done here: officers and their roles; machine clients, their keys and tokens."""

from ansinh.access.operations.clients import (
    OnboardedClient,
    end_facility_officer,
    register_client,
    register_facility_officer,
    replace_client_key,
    restore_client,
    suspend_client,
)
from ansinh.access.operations.officers import (
    Administrator,
    approve_role_grant,
    dismiss_officer,
    end_role_grant,
    found_administration,
    prepare_role_grant,
    refuse_role_grant,
    register_officer,
)
from ansinh.access.operations.tokens import IssuedToken, exchange_assertion, issue_token, rotate_token_keys

__all__ = [
    "Administrator",
    "IssuedToken",
    "OnboardedClient",
    "approve_role_grant",
    "dismiss_officer",
    "end_facility_officer",
    "end_role_grant",
    "exchange_assertion",
    "found_administration",
    "issue_token",
    "prepare_role_grant",
    "refuse_role_grant",
    "register_client",
    "register_facility_officer",
    "register_officer",
    "replace_client_key",
    "restore_client",
    "rotate_token_keys",
    "suspend_client",
]
