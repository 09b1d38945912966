"""The HTTP server under the gateway: one supervisor, workers that share its listening socket, HTTP/1.1 on the event loop itself."""
