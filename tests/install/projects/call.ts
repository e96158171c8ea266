/** Runs the worker's entry as LiveKit's job process does, but in a room that is not connected, and calls it. */
import { AgentSession } from '@firstword/livekit';
import { type JobContext, type JobProcess, voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import { Caller, report } from './caller.js';
import type { ScriptedTTS } from './scripted-parts.js';

const recording = process.argv[2]!;
// `cli.runApp` does nothing in a job process, which it knows by this path.
process.argv.splice(1, 2, new URL('ipc/job_main.js', import.meta.resolve('@livekit/agents')).pathname);

type StartOptions = Parameters<voice.AgentSession['start']>[0];
const calls: { session: voice.AgentSession; caller: Caller }[] = [];
let passed: StartOptions | undefined;

/** Gives the session a caller just before it starts, and notes the options that reach LiveKit's own class. */
for (const { prototype } of [voice.AgentSession, AgentSession]) {
  const start = prototype.start;
  prototype.start = async function (this: voice.AgentSession, options: StartOptions) {
    if (calls.length === 0) calls.push({ session: this, caller: new Caller(this) });
    passed = options;
    return start.call(this, options);
  } as typeof start;
}

const { default: worker } = await import('./main.js');
const proc = { userData: {} } as JobProcess;
await worker.prewarm?.(proc);
const context = { proc, room: new Room(), connect: async () => {} } as unknown as JobContext;
await worker.entry(context);
const [call] = calls;
if (!call) throw new Error('The worker started no session.');

await report(call.session, {
  ...(await call.caller.call(recording)),
  given: (proc.userData.tts as ScriptedTTS).given,
  livekitUrl: process.env.LIVEKIT_URL,
  noiseCancellation: passed?.inputOptions?.noiseCancellation,
});
