"""What may be done here: officers and their roles; machine clients, their keys and tokens; accounts of the compatible door."""

from ansinh.access.granting import GrantTerms
from ansinh.access.operations.clients import (
    APP,
    OnboardedClient,
    add_client_key,
    change_client,
    end_facility_officer,
    register_client,
    register_facility_officer,
    restore_client,
    retire_client_key,
    suspend_client,
)
from ansinh.access.operations.dialect_accounts import (
    DialectSignIn,
    close_dialect_door,
    open_dialect_door,
    replace_dialect_password,
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
from ansinh.access.operations.tokens import IssuedToken, issue_token, rotate_token_keys

__all__ = [
    "APP",
    "Administrator",
    "DialectSignIn",
    "GrantTerms",
    "IssuedToken",
    "OnboardedClient",
    "add_client_key",
    "approve_role_grant",
    "change_client",
    "close_dialect_door",
    "dismiss_officer",
    "end_facility_officer",
    "end_role_grant",
    "found_administration",
    "issue_token",
    "open_dialect_door",
    "prepare_role_grant",
    "refuse_role_grant",
    "register_client",
    "register_facility_officer",
    "register_officer",
    "replace_dialect_password",
    "restore_client",
    "retire_client_key",
    "rotate_token_keys",
    "suspend_client",
]
