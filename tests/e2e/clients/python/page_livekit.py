"""Runs the blocks of docs/gateway-livekit-python.md, and asks the model that they make in an AgentSession."""

import json
import os
import sys

from livekit.agents import Agent, AgentSession

sys.path.insert(0, os.environ["GATEWAY_VOICE"])

from scenarios import OPEN, main  # noqa: E402


async def page():
    answers = []
    for code in json.loads(os.environ["PAGE_BLOCKS"]):
        names = {}
        exec(code, names)  # noqa: S102: the page's own code
        session = names.get("session") or AgentSession(llm=names["llm"])
        await session.start(Agent(instructions="You are a receptionist."))
        result = await session.run(user_input=OPEN)
        answers.append([event.item.text_content for event in result.events if hasattr(event.item, "text_content")])
        await session.aclose()
    return answers


main({"page": page})
