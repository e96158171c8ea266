"""LiveKit Agents for Python: its openai plugin in a real AgentSession, text in and text out, no room."""

from livekit.agents import Agent, AgentSession, function_tool
from livekit.agents.llm import ChatContext, ImageContent
from livekit.agents.types import APIConnectOptions
from livekit.plugins import openai

from scenarios import BOTH, OPEN, PNG, base_url, main


class Receptionist(Agent):
    def __init__(self):
        super().__init__(instructions="You are a receptionist.")
        self.called = []

    @function_tool
    async def book_table(self, party: int, date: str, time: str) -> str:
        """Books a table."""
        self.called.append({"name": "book_table", "party": party, "date": date, "time": time})
        return '{"ok": true, "confirmation": "A7"}'

    @function_tool
    async def get_weather(self, city: str) -> str:
        """The weather in a city."""
        self.called.append({"name": "get_weather", "city": city})
        return '{"ok": true, "message": "It is sunny."}'


def items_of(result):
    items = []
    for event in result.events:
        item = event.item
        kind = type(item).__name__
        if kind == "ChatMessage":
            items.append({"kind": kind, "role": item.role, "text": item.text_content})
        elif kind == "FunctionCall":
            items.append({"kind": kind, "name": item.name, "arguments": item.arguments})
        elif kind == "FunctionCallOutput":
            items.append({"kind": kind, "output": item.output, "is_error": item.is_error})
    return items


async def session(text, model="plain"):
    agent = Receptionist()
    errors, usage = [], []
    llm = openai.LLM(model=model, base_url=base_url(), api_key="any")
    llm.on(
        "metrics_collected",
        lambda m: usage.append([m.prompt_tokens, m.completion_tokens, m.prompt_cached_tokens]),
    )
    async with AgentSession(llm=llm) as running:
        running.on("error", lambda event: errors.append(type(event.error.error).__name__))
        await running.start(agent)
        result = await running.run(user_input=text)
        items = items_of(result)
    await llm.aclose()
    return {"items": items, "called": sorted(agent.called, key=str), "errors": errors, "usage": usage}


async def image():
    llm = openai.LLM(model="plain", base_url=base_url(), api_key="any")
    context = ChatContext.empty()
    context.add_message(role="user", content=[OPEN, ImageContent(image=PNG)])
    pieces = []
    async with llm.chat(chat_ctx=context) as stream:
        async for chunk in stream:
            if chunk.delta and chunk.delta.content:
                pieces.append(chunk.delta.content)
    await llm.aclose()
    return {"pieces": pieces}


async def cancelled():
    llm = openai.LLM(model="slow", base_url=base_url(), api_key="any")
    context = ChatContext.empty()
    context.add_message(role="user", content=OPEN)
    stream = llm.chat(chat_ctx=context)
    async for chunk in stream:
        if chunk.delta and chunk.delta.content:
            break
    await stream.aclose()
    await llm.aclose()
    return {"cancelled": True}


def failing(model):
    async def asked():
        llm = openai.LLM(model=model, base_url=base_url(), api_key="any")
        context = ChatContext.empty()
        context.add_message(role="user", content=OPEN)
        async with llm.chat(chat_ctx=context, conn_options=APIConnectOptions(max_retry=0)) as stream:
            return {"pieces": [c.delta.content async for c in stream if c.delta and c.delta.content]}

    return asked


main(
    {
        "text": lambda: session(OPEN),
        "tool": lambda: session("Please book a table for four people tomorrow at seven pm."),
        "parallel tools": lambda: session(BOTH),
        "image": image,
        "cancelled": cancelled,
        "bad request": failing("bad-request"),
        "rate limited": failing("rate-limited"),
        "unavailable": failing("unavailable"),
    }
)
