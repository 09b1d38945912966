"""The message provider: app and telephone messages, e-mails and letters, with the outcomes a real one has. Contract: contracts/messages.

Magic addresses call up each outcome; the last digits of a telephone number, the ending of an app's key, of an e-mail address before the @, or of the
second line of a letter's address decide:

| ending | what happens |
|---|---|
| `0001` | taken, then not delivered (`failed`, `unreachable`) |
| `0002` | slow: taken at once, but the answer comes after `--slow-seconds` |
| `0003` | refused (`blocked_by_recipient`) |
| `0004` | down: answers 503 until the third attempt |
| `0005` | taken, and delivered only when asked for the third time |
| `0006` | taken, then bounced when asked for the third time (`failed`, `bounced`) |
| `0007` | taken, and never heard of again |
| `0008` | taken, but answers 503 the first time: it has to be told twice, and carries it once |
| other | taken, and delivered when asked for the first time |
"""
