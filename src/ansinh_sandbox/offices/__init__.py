"""Civil status, residence police and social assistance: three offices, each a program with a store of its own, behind one protocol (`contracts/lifeevents`)."""
