"""Writes src/testing/python-options.json: the names that the doctor's advice for LiveKit's Python SDK may use.

Reads the sources of the packages from PyPI; nothing of them is installed or run:
    python3 packages/doctor/scripts/python-options.py 1.8.9
"""

import ast
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PLUGINS = ["deepgram", "elevenlabs", "google", "openai"]
# Packages of the providers, whose classes are options of the plugins.
PROVIDERS = ["openai", "google-genai"]
OUT = Path(__file__).parent.parent / "src" / "testing" / "python-options.json"

# Callables by the name that a snippet uses, with the file and the class or function they are in.
CALLABLES = {
    "AgentSession": ("agents/voice/agent_session.py", "AgentSession.__init__"),
    "AgentServer": ("agents/worker.py", "AgentServer.__init__"),
    "inference.TurnDetector": ("agents/inference/eot/detector.py", "TurnDetector.__init__"),
    "llm.FallbackAdapter": ("agents/llm/fallback_adapter.py", "FallbackAdapter.__init__"),
    "tts.FallbackAdapter": ("agents/tts/fallback_adapter.py", "FallbackAdapter.__init__"),
    "tts.StreamAdapter": ("agents/tts/stream_adapter.py", "StreamAdapter.__init__"),
    "tokenize.basic.SentenceTokenizer": ("agents/tokenize/basic.py", "SentenceTokenizer.__init__"),
    "llm.prewarm": ("agents/llm/llm.py", "LLM.prewarm"),
    "turn_ctx.truncate": ("agents/llm/chat_context.py", "ChatContext.truncate"),
    "session.say": ("agents/voice/agent_session.py", "AgentSession.say"),
    "session.generate_reply": ("agents/voice/agent_session.py", "AgentSession.generate_reply"),
    "session.on": ("rtc", None),
    "on_user_turn_completed": ("agents/voice/agent.py", "Agent.on_user_turn_completed"),
    "deepgram.STT": ("plugins/deepgram/stt.py", "STT.__init__"),
    "deepgram.STTv2": ("plugins/deepgram/stt_v2.py", "STTv2.__init__"),
    "elevenlabs.TTS": ("plugins/elevenlabs/tts.py", "TTS.__init__"),
    "llm.RealtimeModelFallbackAdapter": (
        "agents/llm/realtime_fallback_adapter.py",
        "RealtimeModelFallbackAdapter.__init__",
    ),
    "google.realtime.RealtimeModel": ("plugins/google/realtime/realtime_api.py", "RealtimeModel.__init__"),
    "openai.LLM": ("plugins/openai/llm.py", "LLM.__init__"),
    "openai.realtime.RealtimeModel": ("agents/llm/_realtime/openai.py", "RealtimeModel.__init__"),
}

# Models of pydantic by the name that a snippet uses, with the file and the class.
MODELS = {
    "SemanticVad": ("openai/types/realtime/realtime_audio_input_turn_detection.py", "SemanticVad"),
    "ServerVad": ("openai/types/realtime/realtime_audio_input_turn_detection.py", "ServerVad"),
    "types.AutomaticActivityDetection": ("google/genai/types.py", "AutomaticActivityDetection"),
    "types.RealtimeInputConfig": ("google/genai/types.py", "RealtimeInputConfig"),
}


def parameters(source: str, path: str) -> list[str]:
    *classes, function = path.split(".")
    nodes = ast.parse(source).body
    for name in classes:
        nodes = next(node for node in nodes if isinstance(node, ast.ClassDef) and node.name == name).body
    # Of overloads, the last is the implementation.
    found = [
        node
        for node in nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == function
    ][-1]
    names = [arg.arg for arg in [*found.args.posonlyargs, *found.args.args, *found.args.kwonlyargs]]
    return [name for name in names if name != "self"]


def fields(source: str, name: str) -> list[str]:
    found = next(
        node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name
    )
    return [item.target.id for item in found.body if isinstance(item, ast.AnnAssign)]  # type: ignore[union-attr]


def typed_dict_keys(source: str) -> dict[str, list[str]]:
    return {
        node.name: [item.target.id for item in node.body if isinstance(item, ast.AnnAssign)]
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Options")
    }


def literals(source: str, name: str) -> list[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:  # type: ignore[attr-defined]
            return [item.value for item in node.value.slice.elts]  # type: ignore[attr-defined]
    raise SystemExit(f"{name} is not in the source: where is it in this version?")


def main(version: str) -> None:
    packages = ["livekit-agents", *(f"livekit-plugins-{name}" for name in PLUGINS)]
    with tempfile.TemporaryDirectory() as folder:
        wanted = [*(f"{name}=={version}" for name in packages), *PROVIDERS]
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", folder, *wanted],
            check=True,
        )
        for wheel in Path(folder).glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder)
        read = lambda path: (Path(folder) / "livekit" / path).read_text()  # noqa: E731
        callables = {
            name: [] if path is None else parameters(read(file), path) for name, (file, path) in CALLABLES.items()
        }
        models = {
            name: fields((Path(folder) / file).read_text(), model) for name, (file, model) in MODELS.items()
        }
        options = {
            "about": "Names in LiveKit's Python SDK. Written by scripts/python-options.py; do not edit.",
            "packages": {name: version for name in packages},
            "callables": dict(sorted({**callables, **models}.items())),
            "keys": typed_dict_keys(read("agents/voice/turn.py")),
            "events": literals(read("agents/voice/events.py"), "EventTypes"),
        }
    OUT.write_text(json.dumps(options, indent=2) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
