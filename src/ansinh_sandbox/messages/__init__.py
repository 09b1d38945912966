"""The message provider: telephone messages and app notifications, with the outcomes a real one has. Contract: contracts/messages.

Magic addresses call up each outcome; the last digits (of a telephone number) or the ending (of an app's key) decide:

| ending | what happens |
|---|---|
| `0001` | taken, then not delivered (`failed`, `unreachable`) |
| `0002` | slow: taken at once, but the answer comes after `--slow-seconds` |
| `0003` | refused (`blocked_by_recipient`) |
| `0004` | down: answers 503 until the third attempt |
| `0005` | taken, and delivered only when asked for the third time |
| other | taken, and delivered when asked for the first time |
"""
