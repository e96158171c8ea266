/** Runs the worker's entry as LiveKit's job process does, but in a room that is not connected, and calls it. */
import { type JobContext, type JobProcess, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import { Caller, report } from './caller.js';
import type { ScriptedTTS } from './scripted-parts.js';

const recording = process.argv[2]!;
// `cli.runApp` does nothing in a job process, which it knows by this path.
process.argv.splice(1, 2, new URL('ipc/job_main.js', import.meta.resolve('@livekit/agents')).pathname);

type StartOptions = Parameters<voice.AgentSession['start']>[0];
let started: { session: voice.AgentSession; options: StartOptions; caller: Caller } | undefined;
const start = voice.AgentSession.prototype.start;
voice.AgentSession.prototype.start = async function (this: voice.AgentSession, options: StartOptions) {
  started ??= { session: this, options, caller: new Caller(this) };
  return start.call(this, options);
} as typeof start;

const { default: worker } = await import('./main.js');
const proc = { userData: {} } as JobProcess;
await worker.prewarm?.(proc);
const context = { proc, room: new Room(), connect: async () => {} } as unknown as JobContext;
await worker.entry(context);
if (!started) throw new Error('The worker started no session.');

const { session, options, caller } = started;
await report(session, {
  ...(await caller.call(recording)),
  given: (proc.userData.tts as ScriptedTTS).given,
  livekitUrl: process.env.LIVEKIT_URL,
  noiseCancellation: options.inputOptions?.noiseCancellation,
});
