"""The command line: the face for operators, auditors and newcomers."""
