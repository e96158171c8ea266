"""Pipecat: its OpenAI LLM service in a pipeline."""

import asyncio
import os
import sys

from loguru import logger

logger.remove()
logger.add(sys.stderr, level="ERROR")

from pipecat.adapters.schemas.function_schema import FunctionSchema  # noqa: E402
from pipecat.adapters.schemas.tools_schema import ToolsSchema  # noqa: E402
from pipecat.frames.frames import (  # noqa: E402
    ErrorFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMTextFrame,
    MetricsFrame,
)
from pipecat.metrics.metrics import LLMUsageMetricsData  # noqa: E402
from pipecat.pipeline.worker import PipelineParams  # noqa: E402
from pipecat.processors.aggregators.llm_context import LLMContext  # noqa: E402
from pipecat.services.openai.llm import OpenAILLMService  # noqa: E402
from pipecat.tests.utils import run_test  # noqa: E402

from scenarios import BOOK, BOTH, OPEN, PNG, WEATHER, base_url, main  # noqa: E402

os.environ.pop("OPENAI_API_KEY", None)


def schema(entry):
    function = entry["function"]
    return FunctionSchema(
        name=function["name"],
        description=function["description"],
        properties=function["parameters"]["properties"],
        required=function["parameters"]["required"],
    )


def service(model="plain"):
    return OpenAILLMService(
        api_key="any", base_url=base_url(), settings=OpenAILLMService.Settings(model=model)
    )


async def asked(messages, tools=None, model="plain"):
    llm = service(model)
    called = []

    async def call(params):
        called.append({"name": params.function_name, "arguments": dict(params.arguments)})
        await params.result_callback({"ok": True})

    for entry in tools or []:
        llm.register_function(entry["function"]["name"], call)
    schemas = ToolsSchema(standard_tools=[schema(entry) for entry in tools]) if tools else None
    context = LLMContext(messages=messages, **({"tools": schemas} if schemas else {}))
    metrics = PipelineParams(enable_metrics=True, enable_usage_metrics=True)
    down, up = await run_test(llm, frames_to_send=[LLMContextFrame(context)], pipeline_params=metrics)
    for _ in range(50):
        if not tools or len(called) == len(tools):
            break
        await asyncio.sleep(0.02)
    usage = [
        [data.value.prompt_tokens, data.value.completion_tokens]
        for frame in down
        if isinstance(frame, MetricsFrame)
        for data in frame.data
        if isinstance(data, LLMUsageMetricsData)
    ]
    return {
        "pieces": [frame.text for frame in down if isinstance(frame, LLMTextFrame)],
        "called": sorted(called, key=str),
        "ended": any(isinstance(frame, LLMFullResponseEndFrame) for frame in down),
        "errors": len([frame for frame in [*up, *down] if isinstance(frame, ErrorFrame)]),
        "usage": usage,
    }


def user(content):
    return [{"role": "user", "content": content}]


async def image():
    return await asked(user([{"type": "text", "text": OPEN}, {"type": "image_url", "image_url": {"url": PNG}}]))


async def cancelled():
    llm = service("slow")
    stream = await llm.get_chat_completions(LLMContext(messages=user(OPEN)))
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    await stream.close()
    return {"cancelled": True}


async def run_inference():
    return {"text": await service().run_inference(LLMContext(messages=user(OPEN)))}


main(
    {
        "text": lambda: asked(user(OPEN)),
        "tool": lambda: asked(user("Book a table for two today at noon."), [BOOK]),
        "parallel tools": lambda: asked(user(BOTH), [BOOK, WEATHER]),
        "image": image,
        "run_inference": run_inference,
        "cancelled": cancelled,
        "unavailable": lambda: asked(user(OPEN), model="unavailable"),
    }
)
