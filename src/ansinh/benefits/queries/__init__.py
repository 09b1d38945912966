"""What others may ask about benefits: entitlements here, files in their own part."""
