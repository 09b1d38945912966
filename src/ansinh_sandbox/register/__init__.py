"""The population register: a separate HTTP service with its own store, answering signed questions about persons."""
