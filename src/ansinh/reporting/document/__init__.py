"""The report as a finished document: what it says, its charts, and the forms it is handed over in."""
