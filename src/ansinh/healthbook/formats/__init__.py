"""What hospitals send: tables as data, reading with bounds, judging line by line. Pure: no Django, no database, no clock."""
