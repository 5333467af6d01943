"""Hamilton and dask.delayed on the graphs of the benchmarks.

Reads one JSON document: rounds, workloads with their nodes and the value that is expected, items and rows.
Writes a line for each measurement: workload, who, nanoseconds of one run, nodes (of W6, rows) of one run; separated by
tabs.
Building a graph does not count.
"""

import json
import os
import statistics
import sys
import time

os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"

import dask
import numpy as np
from hamilton import ad_hoc_utils, driver
from hamilton.execution import executors

MIX = 0x9E37_79B9_7F4A_7C15
MASK = (1 << 64) - 1
# More needs than this are added up.
GROUP = 3
THREADS = 2
WINDOW = 7


def measure(rounds, run, expected):
    """The median of some runs in nanoseconds, after one that does not count."""
    times = []
    for round_ in range(rounds + 1):
        start = time.perf_counter_ns()
        value = run()
        elapsed = time.perf_counter_ns() - start
        if value != expected:
            raise SystemExit(f"{value} in place of {expected}")
        if round_ > 0:
            times.append(elapsed)
    return statistics.median(times)


def report(workload, who, nanoseconds, nodes):
    print(workload, who, nanoseconds, nodes, sep="\t", flush=True)


def node_source(index, needs):
    """The node as the source text of a function, as a user of Hamilton writes it."""
    params = ", ".join(f"n{need}: int" for need in needs)
    if len(needs) > GROUP:
        body = f"({' + '.join(f'n{need}' for need in needs)}) & {MASK}"
    else:
        body = str(index)
        for need in needs:
            body = f"(({body} ^ n{need}) * {MIX} & {MASK})"
    return f"def n{index}({params}) -> int:\n    return {body}\n"


def drivers(module):
    yield "Hamilton", driver.Builder().with_modules(module).build()
    yield "Hamilton, dynamic execution", dynamic(module)


def dynamic(module):
    return (
        driver.Builder()
        .with_modules(module)
        .enable_dynamic_execution(allow_experimental_mode=True)
        .with_local_executor(executors.SynchronousLocalTaskExecutor())
        .with_remote_executor(executors.MultiThreadingExecutor(max_tasks=THREADS))
        .build()
    )


def hamilton_graph(rounds, name, nodes, expected):
    source = "\n".join(node_source(index, needs) for index, needs in enumerate(nodes))
    last = f"n{len(nodes) - 1}"
    for who, built in drivers(ad_hoc_utils.module_from_source(source)):
        report(name, who, measure(rounds, lambda: built.execute([last])[last], expected), len(nodes))


def dask_graph(rounds, name, nodes, expected):
    functions = {}
    exec("\n".join(node_source(index, needs) for index, needs in enumerate(nodes)), functions)
    values = []
    for index, needs in enumerate(nodes):
        function = dask.delayed(functions[f"n{index}"], pure=False)
        values.append(function(*(values[need] for need in needs)))
    for who, options in [
        ("dask.delayed, synchronous", {"scheduler": "synchronous"}),
        ("dask.delayed, threads", {"scheduler": "threads", "num_workers": THREADS}),
    ]:
        report(name, who, measure(rounds, lambda: values[-1].compute(**options), expected), len(nodes))


def hamilton_items(rounds, items):
    source = f"""
from hamilton.htypes import Collect, Parallelizable

def item() -> Parallelizable[int]:
    yield from range(1, {items} + 1)

def mapped(item: int) -> int:
    return item * {MIX} & {MASK}

def reduced(mapped: Collect[int]) -> int:
    return sum(mapped) & {MASK}
"""
    built = dynamic(ad_hoc_utils.module_from_source(source))
    expected = sum(item * MIX for item in range(1, items + 1)) & MASK
    who = f"Hamilton, {items} items"
    report("W5", who, measure(rounds, lambda: built.execute(["reduced"])["reduced"], expected), items)


COLUMNS = f"""
import numpy as np

def spend_mean(spend: np.ndarray) -> float:
    return spend.mean()

def spend_deviation(spend: np.ndarray) -> float:
    return spend.std()

def spend_z(spend: np.ndarray, spend_mean: float, spend_deviation: float) -> np.ndarray:
    return (spend - spend_mean) / spend_deviation

def signups_mean(signups: np.ndarray) -> float:
    return signups.mean()

def signups_deviation(signups: np.ndarray) -> float:
    return signups.std()

def signups_z(signups: np.ndarray, signups_mean: float, signups_deviation: float) -> np.ndarray:
    return (signups - signups_mean) / signups_deviation

def cost(spend: np.ndarray, signups: np.ndarray) -> np.ndarray:
    return spend / signups

def rolling_cost(cost: np.ndarray) -> np.ndarray:
    sums = np.cumsum(cost)
    sums[{WINDOW}:] -= sums[:-{WINDOW}].copy()
    sums[:{WINDOW}] /= np.arange(1, {WINDOW} + 1)
    sums[{WINDOW}:] /= {WINDOW}
    return sums

def score(spend_z: np.ndarray, signups_z: np.ndarray, rolling_cost: np.ndarray) -> np.ndarray:
    return spend_z + signups_z - rolling_cost

def result(score: np.ndarray) -> float:
    return score.mean()
"""


def columns(rounds, rows):
    random = np.random.default_rng(1)
    inputs = {"spend": random.random(rows) * 1000 + 10, "signups": random.random(rows) * 1000 + 1}
    module = ad_hoc_utils.module_from_source(COLUMNS)

    def by_hand():
        spend_z = module.spend_z(
            inputs["spend"], module.spend_mean(inputs["spend"]), module.spend_deviation(inputs["spend"])
        )
        signups_z = module.signups_z(
            inputs["signups"], module.signups_mean(inputs["signups"]), module.signups_deviation(inputs["signups"])
        )
        rolling_cost = module.rolling_cost(module.cost(inputs["spend"], inputs["signups"]))
        return module.result(module.score(spend_z, signups_z, rolling_cost))

    expected = by_hand()
    report("W6", "numpy", measure(rounds, by_hand, expected), rows)
    built = driver.Builder().with_modules(module).build()
    run = lambda: built.execute(["result"], inputs=inputs)["result"]
    report("W6", "Hamilton on numpy", measure(rounds, run, expected), rows)


def main():
    # Hamilton recurses as deep as the graph.
    sys.setrecursionlimit(100_000)
    request = json.load(sys.stdin)
    rounds = request["rounds"]
    for workload in request["workloads"]:
        name, nodes, expected = workload["name"], workload["nodes"], workload["expected"]
        dask_graph(rounds, name, nodes, expected)
        if name != "W5":
            hamilton_graph(rounds, name, nodes, expected)
    hamilton_items(rounds, request["items"])
    columns(rounds, request["rows"])


main()
