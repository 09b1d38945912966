"""What may be done with credentials: offered, allowed to a wallet, issued, heard of, shown on a QR code, withdrawn."""

from __future__ import annotations

from ansinh.credentials.operations.issuing import (
    Clocks,
    InvalidNonce,
    InvalidProof,
    InvalidToken,
    Issue,
    Offer,
    hear_outcome,
    issue_credential,
    offer_credentials,
    redeem_code,
    show_card,
    withdraw_credentials,
)
from ansinh.credentials.operations.wallets import (
    Permitted,
    RequestOver,
    WalletKnown,
    decline_wallet,
    permit_wallet,
    redeem_permitted,
    register_wallet,
)

__all__ = [
    "Clocks",
    "InvalidNonce",
    "InvalidProof",
    "InvalidToken",
    "Issue",
    "Offer",
    "Permitted",
    "RequestOver",
    "WalletKnown",
    "decline_wallet",
    "hear_outcome",
    "issue_credential",
    "offer_credentials",
    "permit_wallet",
    "redeem_code",
    "redeem_permitted",
    "register_wallet",
    "show_card",
    "withdraw_credentials",
]
