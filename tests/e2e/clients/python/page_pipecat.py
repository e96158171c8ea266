"""Runs the blocks of docs/gateway-pipecat.md, and asks the service that they make, after the caller stopped speaking."""

import json
import os
import sys
import time

from loguru import logger

logger.remove()
logger.add(sys.stderr, level="ERROR")

from pipecat.frames.frames import LLMContextFrame, LLMTextFrame, VADUserStoppedSpeakingFrame  # noqa: E402
from pipecat.processors.aggregators.llm_context import LLMContext  # noqa: E402
from pipecat.tests.utils import SleepFrame, run_test  # noqa: E402

from scenarios import OPEN, main  # noqa: E402


async def page():
    results = []
    for code in json.loads(os.environ["PAGE_BLOCKS"]):
        names = {}
        exec(code, names)  # noqa: S102: the page's own code
        stopped = time.time() - 0.2
        frames = [
            VADUserStoppedSpeakingFrame(stop_secs=0.2, timestamp=stopped + 0.2),
            SleepFrame(0.1),
            LLMContextFrame(LLMContext(messages=[{"role": "user", "content": OPEN}])),
        ]
        sent = {}

        async def record(request):
            sent.update({k: v for k, v in request.headers.items() if k.startswith("x-firstword-")})

        names["llm"]._client._client.event_hooks["request"].append(record)
        down, _ = await run_test(names["llm"], frames_to_send=frames)
        text = "".join(frame.text for frame in down if isinstance(frame, LLMTextFrame))
        results.append({"text": text, "stoppedMs": round(stopped * 1000), "headers": sent})
    return results


main({"page": page})
