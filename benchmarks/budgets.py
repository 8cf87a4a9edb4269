"""What the product promises: the most a figure may be. Printed beside it; the build does not fail on them."""

BUDGETS: dict[str, float] = {
    "feel.comparison_us": 3,
    "engine.complete_live_us": 150,
    "engine.complete_cold_us": 250,
    "growth.after_ratio": 1.5,
    "growth.parallel_ratio": 8,
    "growth.data_ratio": 1.5,
    "http.case.server_cpu_ms": 10,
    "rest.case.server_cpu_ms": 8,
    "http.inbox_page.server_cpu_ms": 10,
    "inbox.1000.both_p95_ms": 10,
    "inbox.20000.both_p95_ms": 10,
    "inbox.1000000.both_p95_ms": 10,
    "inbox.growth_ratio": 2,
    "search.100000.all_p95_ms": 10,
    "search.growth_ratio": 2,
    "sign_ins.page_ratio": 2,
}
