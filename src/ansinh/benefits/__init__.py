"""What people are owed: from application and decision to entitlements, their versions, and what each month owes."""
