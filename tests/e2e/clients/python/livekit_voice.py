"""The helper of docs/gateway-livekit-python.md in a real AgentSession with a caller's turn: a speculation, then the commit.

The STT is scripted. Everything else is LiveKit's: turn handling, preemptive generation, the openai plugin. Prints the headers that
the helper sends and the answer. GATEWAY_VOICE is the folder of gateway_voice.py.
"""

import asyncio
import os
import sys
import time

from livekit import rtc
from livekit.agents import Agent, AgentSession, stt
from livekit.agents.types import NOT_GIVEN
from livekit.agents.voice import io

sys.path.insert(0, os.environ["GATEWAY_VOICE"])

from gateway_voice import GatewayVoice  # noqa: E402

from scenarios import base_url, main  # noqa: E402

WORDS = "At what time do you open, and where are you?"
Kind = stt.SpeechEventType


def event(kind, text=""):
    alternatives = [stt.SpeechData(language="en", text=text, confidence=1.0)] if text else []
    return stt.SpeechEvent(type=kind, alternatives=alternatives)


class ScriptedStream(stt.RecognizeStream):
    async def _run(self):
        await asyncio.sleep(0.2)
        send = self._event_ch.send_nowait
        send(event(Kind.START_OF_SPEECH))
        await asyncio.sleep(0.1)
        send(event(Kind.INTERIM_TRANSCRIPT, WORDS))
        send(event(Kind.PREFLIGHT_TRANSCRIPT, WORDS))
        await asyncio.sleep(0.3)
        send(event(Kind.FINAL_TRANSCRIPT, WORDS))
        send(event(Kind.END_OF_SPEECH))
        async for _ in self._input_ch:
            pass


class ScriptedSTT(stt.STT):
    def __init__(self):
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))

    async def _recognize_impl(self, buffer, *, language=NOT_GIVEN, conn_options=None):
        raise NotImplementedError

    def stream(self, *, language=NOT_GIVEN, conn_options=None):
        return ScriptedStream(stt=self, conn_options=conn_options)


class Silence(io.AudioInput):
    def __init__(self):
        super().__init__(label="silence")

    async def __anext__(self):
        await asyncio.sleep(0.02)
        return rtc.AudioFrame(data=b"\0\0" * 320, sample_rate=16000, num_channels=1, samples_per_channel=320)


async def turn():
    voice = GatewayVoice(model="slow", base_url=base_url())
    sent = []

    async def record(response):
        headers = {k: v for k, v in response.request.headers.items() if k.startswith("x-firstword-")}
        path, status = response.request.url.path, response.status_code
        sent.append({"path": path, "headers": headers, "status": status, "atUnixMs": time.time() * 1000})

    voice._http.event_hooks["response"].append(record)
    session = AgentSession(llm=voice.llm, stt=ScriptedSTT(), turn_handling={"turn_detection": "stt"})
    voice.watch(session)
    answered = asyncio.Event()
    answer = []

    def on_item(added):
        if getattr(added.item, "role", None) == "assistant":
            answer.append(added.item.text_content)
            answered.set()

    session.on("conversation_item_added", on_item)
    session.input.audio = Silence()
    started = time.time() * 1000
    await session.start(Agent(instructions="You are a receptionist."))
    await asyncio.wait_for(answered.wait(), 30)
    await session.aclose()
    return {"sent": sent, "answer": answer, "started": started, "ended": time.time() * 1000}


main({"turn": turn})
