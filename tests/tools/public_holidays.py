#!/usr/bin/env python3
"""Writes tests/cases/holidays.txt: public holidays from Monday to Friday of each German state, Austria and each Swiss canton.

    pip install holidays==0.109 && tests/tools/public_holidays.py > tests/cases/holidays.txt

The table is made by hand when a law changes; the tests read it and need neither Python nor a network.
"""
from holidays import Austria, Germany, Switzerland, __version__

YEARS = range(2023, 2041)
# A town is no state, and Austria is one region: all nine states keep the same days.
STATES = [s for s in Germany.subdivisions if len(s) == 2]
CANTONS = [s for s in Switzerland.subdivisions if len(s) == 2]

print(f"# PyPI holidays {__version__}, category PUBLIC, observed=False; written by tests/tools/public_holidays.py")
for country, code, places in (Germany, "DE", [None, *STATES]), (Austria, "AT", [None]), (Switzerland, "CH", CANTONS):
    for place in places:
        for year in YEARS:
            kept = country(subdiv=place, years=year, observed=False, categories=("public",))
            days = [d.strftime("%m-%d") for d in sorted(kept) if d.weekday() < 5]
            print(code if place is None else f"{code}-{place}", year, *days)
