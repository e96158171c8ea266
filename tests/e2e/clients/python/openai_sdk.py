"""The openai SDK: chat completions, streamed and whole."""

import openai
from pydantic import BaseModel

from scenarios import BOOK, BOTH, OPEN, PNG, WEATHER, base_url, main

client = openai.AsyncOpenAI(base_url=base_url(), api_key="any", max_retries=0)
sync_client = openai.OpenAI(base_url=base_url(), api_key="any", max_retries=0)


def user(text):
    return [{"role": "user", "content": text}]


def usage_of(usage):
    return usage and usage.model_dump(exclude_none=True)


async def streamed(model="plain", **request):
    pieces, calls, finish, usage = [], {}, None, None
    stream = await client.chat.completions.create(
        model=model, stream=True, stream_options={"include_usage": True}, **request
    )
    async for chunk in stream:
        assert chunk.id and chunk.model and chunk.created
        usage = chunk.usage or usage
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            if choice.delta.content:
                pieces.append(choice.delta.content)
            for call in choice.delta.tool_calls or []:
                entry = calls.setdefault(call.index, {"id": None, "name": "", "arguments": ""})
                entry["id"] = call.id or entry["id"]
                entry["name"] += call.function.name or ""
                entry["arguments"] += call.function.arguments or ""
    return {
        "text": "".join(pieces),
        "pieces": pieces,
        "calls": [calls[index] for index in sorted(calls)],
        "finish": finish,
        "usage": usage_of(usage),
    }


async def whole(**request):
    answer = await client.chat.completions.create(model="plain", **request)
    message = answer.choices[0].message
    calls = [
        {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
        for call in message.tool_calls or []
    ]
    return {
        "text": message.content,
        "calls": calls,
        "finish": answer.choices[0].finish_reason,
        "usage": usage_of(answer.usage),
    }


def synchronous():
    stream = sync_client.chat.completions.create(model="plain", messages=user(OPEN), stream=True)
    return {"pieces": [c.choices[0].delta.content for c in stream if c.choices and c.choices[0].delta.content]}


async def with_tool_results():
    first = await whole(messages=user(BOTH), tools=[BOOK, WEATHER])
    calls = [
        {"id": c["id"], "type": "function", "function": {"name": c["name"], "arguments": c["arguments"]}}
        for c in first["calls"]
    ]
    results = [
        {"role": "tool", "tool_call_id": c["id"], "content": '{"ok": true, "message": "Done: é 漢 🎉."}'}
        for c in first["calls"]
    ]
    history = [*user(BOTH), {"role": "assistant", "content": None, "tool_calls": calls}, *results]
    return await streamed(messages=history, tools=[BOOK, WEATHER])


def image():
    parts = [{"type": "text", "text": OPEN}, {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}}]
    return streamed(messages=[{"role": "user", "content": parts}])


class Place(BaseModel):
    city: str
    people: int


async def json_schema():
    answer = await client.chat.completions.parse(
        model="plain", messages=user("Four people in Paris"), response_format=Place
    )
    message = answer.choices[0].message
    return {"text": message.content, "parsed": message.parsed.model_dump()}


async def cancelled():
    stream = await client.chat.completions.create(model="slow", messages=user(OPEN), stream=True)
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    await stream.close()
    return {"cancelled": True}


def ask(model):
    return lambda: streamed(model=model, messages=user(OPEN))


async def other_fields():
    return await streamed(
        messages=[{"role": "developer", "content": "Be brief."}, *user("Grüß Gott! 你好 🎉 What time do you open?")],
        temperature=0.3,
        top_p=0.9,
        seed=7,
        stop=["###"],
        max_completion_tokens=6,
        presence_penalty=0.1,
        logit_bias={"50256": -100},
        metadata={"call": "1"},
        user="caller-1",
        extra_body={"a_field_nobody_knows": {"kept": True}},
    )


async def models():
    return {"ids": sorted([model.id async for model in await client.models.list()])}


main(
    {
        "text": lambda: streamed(messages=user(OPEN)),
        "synchronous": synchronous,
        "whole": lambda: whole(messages=user(OPEN)),
        "tool": lambda: streamed(messages=user("Book a table for two today at noon."), tools=[BOOK], tool_choice="required"),
        "parallel tools": lambda: streamed(messages=user(BOTH), tools=[BOOK, WEATHER]),
        "parallel tools, whole": lambda: whole(messages=user(BOTH), tools=[BOOK, WEATHER]),
        "one tool at a time": lambda: streamed(messages=user(BOTH), tools=[BOOK, WEATHER], parallel_tool_calls=False),
        "tool results": with_tool_results,
        "image": image,
        "JSON schema": json_schema,
        "other fields": other_fields,
        "cancelled": cancelled,
        "bad request": ask("bad-request"),
        "rate limited": ask("rate-limited"),
        "unavailable": ask("unavailable"),
        "unknown model": ask("no-such-model"),
        "error in the stream": ask("error-frame"),
        "breaks off": ask("breaks-off"),
        "models": models,
    }
)
