"""The pages on which citizens act, for themselves or for somebody they may act for: each checked on the server, shown once more before it is sent."""
