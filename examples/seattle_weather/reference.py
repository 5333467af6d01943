#!/usr/bin/env python3
"""The results of the example, computed a second time: without Millstream, without Rust, without a library.

The test of the example compares what the program prints under `--json` with the files in `tests/expected/`. Those
files come from here, so a mistake in the nodes cannot hide in numbers that the nodes themselves have made:

    python3 seattle_weather/reference.py > tests/expected/celsius.json
    python3 seattle_weather/reference.py --fahrenheit > tests/expected/fahrenheit.json

It reads the same file and uses exact sums. Temperatures are converted last, after everything else is done with the
°C of the file: a place on the scale times 9/5 plus 32, a difference times 9/5. The program converts first.
"""

import csv
import json
import math
import statistics
import sys
from datetime import datetime
from pathlib import Path

FAHRENHEIT = "--fahrenheit" in sys.argv[1:]
DATA = Path(__file__).resolve().parent.parent / "data" / "seattle-weather.csv"
HEATING_LIMIT = 18.0


def temperature(celsius):
    return celsius * 9 / 5 + 32 if FAHRENHEIT else celsius


def difference(kelvin):
    return kelvin * 9 / 5 if FAHRENHEIT else kelvin


def mean(values):
    return math.fsum(values) / len(values)


with DATA.open(newline="") as file:
    rows = list(csv.DictReader(file))

date = [datetime.strptime(row["date"], "%Y/%m/%d").date() for row in rows]
precipitation, temp_max, temp_min, wind = (
    [float(row[name]) for row in rows] for name in ("precipitation", "temp_max", "temp_min", "wind")
)
days = range(len(rows))
years = sorted({day.year for day in date})


def of_year(year):
    return [day for day in days if date[day].year == year]


def day_of_greatest(series):
    return date[series.index(max(series))].isoformat()


def dry_spells():
    length = 0
    for amount in precipitation:
        length = 0 if amount > 0 else length + 1
        yield length


def heating_degrees(day):
    return max(0.0, HEATING_LIMIT - (temp_max[day] + temp_min[day]) / 2)


results = {
    "period": {"first": date[0].isoformat(), "last": date[-1].isoformat(), "days": len(rows)},
    "warmest_day": day_of_greatest(temp_max),
    "wettest_day": day_of_greatest(precipitation),
    "windiest_day": day_of_greatest(wind),
    "temp_max_mean": temperature(mean(temp_max)),
    "temp_min_mean": temperature(mean(temp_min)),
    "wind_mean": mean(wind),
    "temp_range_std": difference(statistics.stdev(temp_max[day] - temp_min[day] for day in days)),
    "temp_max_rolling_30_last": temperature(mean(temp_max[-30:])),
    "rolling_last": {
        "precipitation_rolling_30": mean(precipitation[-30:]),
        "temp_max_rolling_30": temperature(mean(temp_max[-30:])),
        "temp_max_rolling_7": temperature(mean(temp_max[-7:])),
        "temp_max_rolling_90": temperature(mean(temp_max[-90:])),
    },
    "wet_day_fraction": sum(amount > 0 for amount in precipitation) / len(rows),
    "longest_dry_spell": max(dry_spells()),
    "total_precipitation_by_year": {
        str(year): math.fsum(precipitation[day] for day in of_year(year)) for year in years
    },
    "total_heating_degrees_by_year": {
        str(year): difference(math.fsum(heating_degrees(day) for day in of_year(year))) for year in years
    },
    "wet_days_by_year": {str(year): sum(precipitation[day] > 0 for day in of_year(year)) for year in years},
    "days_by_sky": {
        sky: sum(row["weather"] == sky for row in rows) for sky in sorted({row["weather"] for row in rows})
    },
}

print(json.dumps(results, indent=2))
