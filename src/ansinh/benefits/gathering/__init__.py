"""Facts for a file: what registers know, what the applicant stated, and what is missing; put together as a question to the law."""
