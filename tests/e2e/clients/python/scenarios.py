"""What the Python clients are asked to do. Each script prints one JSON object: a result for each scenario."""

import asyncio
import inspect
import json
import sys

OPEN = "At what time do you open, and where are you?"
BOTH = "Please book a table for four people tomorrow at seven pm. And how is the weather in Paris?"

BOOK = {
    "type": "function",
    "function": {
        "name": "book_table",
        "description": "Books a table.",
        "parameters": {
            "type": "object",
            "properties": {
                "party": {"type": "integer"},
                "date": {"type": "string"},
                "time": {"type": "string"},
            },
            "required": ["party", "date", "time"],
        },
    },
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}

# One red pixel.
PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA"
    "hKmMIQAAAABJRU5ErkJggg=="
)


async def _run(scenarios, names):
    results = {}
    for name, scenario in scenarios.items():
        if names and name not in names:
            continue
        try:
            result = scenario()
            results[name] = await result if inspect.isawaitable(result) else result
        except Exception as error:  # noqa: BLE001: how a client fails is what is compared
            results[name] = {"raised": type(error).__name__, "status": getattr(error, "status_code", None)}
    return results


def main(scenarios):
    """Runs the scenarios named after the base URL, or all, and prints their results."""
    print(json.dumps(asyncio.run(_run(scenarios, sys.argv[2:]))), flush=True)


def base_url():
    """The base URL that the script was given."""
    return sys.argv[1]
