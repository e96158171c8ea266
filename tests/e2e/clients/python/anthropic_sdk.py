"""The anthropic SDK: messages, streamed and whole."""

import anthropic

from scenarios import BOOK, BOTH, OPEN, PNG, WEATHER, base_url, main

client = anthropic.AsyncAnthropic(base_url=base_url().removesuffix("/v1"), api_key="any", max_retries=0)


def tool(entry):
    function = entry["function"]
    return {
        "name": function["name"],
        "description": function["description"],
        "input_schema": function["parameters"],
    }


def user(content):
    return [{"role": "user", "content": content}]


def message_of(message):
    return {
        "text": "".join(block.text for block in message.content if block.type == "text"),
        "calls": [
            {"id": block.id, "name": block.name, "input": block.input}
            for block in message.content
            if block.type == "tool_use"
        ],
        "stop": message.stop_reason,
        "usage": {"input": message.usage.input_tokens, "output": message.usage.output_tokens},
    }


async def streamed(**request):
    pieces = []
    async with client.messages.stream(model="claude", max_tokens=500, **request) as stream:
        async for text in stream.text_stream:
            pieces.append(text)
        final = await stream.get_final_message()
    return {**message_of(final), "pieces": pieces}


async def whole(**request):
    return message_of(await client.messages.create(model="claude", max_tokens=500, **request))


async def with_tool_results():
    tools = [tool(BOOK), tool(WEATHER)]
    first = await client.messages.create(model="claude", max_tokens=500, messages=user(BOTH), tools=tools)
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": '{"ok": true, "message": "Done: é 漢 🎉."}'}
        for block in first.content
        if block.type == "tool_use"
    ]
    blocks = [block.model_dump(exclude_none=True) for block in first.content]
    history = [*user(BOTH), {"role": "assistant", "content": blocks}, {"role": "user", "content": results}]
    return await streamed(messages=history, tools=tools)


def image():
    source = {"type": "base64", "media_type": "image/png", "data": PNG.split(",")[1]}
    return streamed(messages=user([{"type": "image", "source": source}, {"type": "text", "text": OPEN}]))


async def cancelled():
    async with client.messages.stream(model="claude-slow", max_tokens=500, messages=user(OPEN)) as stream:
        async for _ in stream.text_stream:
            break
    return {"cancelled": True}


def ask(model):
    return lambda: client.messages.create(model=model, max_tokens=500, messages=user(OPEN))


main(
    {
        "text": lambda: streamed(messages=user(OPEN), system="You are a receptionist."),
        "whole": lambda: whole(messages=user(OPEN)),
        "parallel tools": lambda: streamed(messages=user(BOTH), tools=[tool(BOOK), tool(WEATHER)]),
        "tool results": with_tool_results,
        "image": image,
        "cancelled": cancelled,
        "bad request": ask("claude-bad-request"),
        "rate limited": ask("claude-rate-limited"),
        "unavailable": ask("claude-unavailable"),
        "unknown model": ask("no-such-model"),
    }
)
