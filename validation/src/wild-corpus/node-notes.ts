import type { Random } from '@firstword/turn/statistics';
import type { WildCall, WildNote } from './call.js';
import { between } from './draw.js';
import { modelUnknown, type ProviderRefusal, quotaUsedUp, rateLimited } from './provider-errors.js';
import type { LogRecord } from './record.js';

type Words = Omit<LogRecord, 'atMs'>;

const words = (level: LogRecord['level'], message: string, extra: Record<string, unknown> = {}): Words => ({
  level,
  logger: '',
  message,
  extra,
});

const CLOSING = 'AgentSession is closing due to an unrecoverable error';
const SCHEDULED =
  'process not scheduled; the host did not run the agent for the whole stall (CPU contention or a container CPU quota), which delays audio and turn handling like blocking code would. Check the CPU limit and co-located load';
const BLOCKED =
  'event loop blocked; synchronous work on the agent loop delays audio and turn handling, move it to a worker thread or an async API';
const STALLED =
  'event loop stalled; either synchronous work on the agent loop (move it to a worker thread or an async API) or the host did not schedule the process (CPU contention or quota)';

/** An error as pino's standard serializer writes it. */
function serialized(error: ProviderRefusal | string): Record<string, unknown> {
  if (typeof error === 'string')
    return {
      type: 'APIConnectionError',
      message: error,
      stack: `APIConnectionError: ${error}\n    at LLMStream.run (file:///app/node_modules/@livekit/agents-plugin-openai/dist/llm.js:231:15)`,
      retryable: true,
    };
  const message = `${error.status} ${error.message}`;
  return {
    type: 'APIStatusError',
    message,
    stack: `APIStatusError: ${message}\n    at LLMStream.run (file:///app/node_modules/@livekit/agents-plugin-openai/dist/llm.js:226:15)`,
    statusCode: error.status,
    requestId: error.requestId,
    body: error.body,
    retryable: error.status === 429,
  };
}

const waitMs = (note: WildNote) => Math.round((note.seconds ?? 2) * 1000);

function llmRetried(call: WildCall, note: WildNote, error: ProviderRefusal | string): Words {
  return words('warning', `failed to generate LLM completion, retrying in ${waitMs(note)}ms`, {
    llm: call.stack.llm.label,
    attempt: note.attempt ?? 1,
    error: serialized(error),
  });
}

function llmFailed(call: WildCall, note: WildNote, error: ProviderRefusal | string): Words {
  if ((note.attempt ?? 1) < 4) return llmRetried(call, note, error);
  const last = { ...serialized(error), message: 'failed to generate LLM completion after 4 attempts' };
  return words('error', CLOSING, { err: last });
}

function stalled(note: WildNote, random: Random): Words {
  const duration = Math.round((note.seconds ?? 1) * 10_000) / 10;
  const cause = note.kind === 'host stalled' ? 'host' : 'code';
  const hasWatchdog = random.integer(0, 2) > 0;
  const message = cause === 'host' ? SCHEDULED : hasWatchdog ? BLOCKED : STALLED;
  return words('warning', message, {
    duration,
    threshold: 100,
    gcTime: Math.round(between(random, 0, 90)) / 10,
    cpuTime: Math.round(duration * (cause === 'host' ? 0.04 : 0.93) * 10) / 10,
    cpuScope: 'thread',
    watchdogGap: Math.round(duration * (cause === 'host' ? 0.97 : 0.05) * 10) / 10,
    cause,
    loop: 'job',
  });
}

/** A note in the words of LiveKit Agents for Node, by version. */
export function nodeNote(call: WildCall, note: WildNote, random: Random): Words {
  const { stack } = call;
  switch (note.kind) {
    case 'speculation used':
      return words('debug', 'using preemptive generation', {
        preemptiveLeadTime: Math.round((note.seconds ?? 0.3) * 1000),
      });
    case 'speculation discarded':
      return words(
        'warning',
        'preemptive generation invalidated after `onUserTurnCompleted` because the transcript, chat context, tools, or tool choice changed',
      );
    case 'LLM retried':
      return llmRetried(call, note, 'Request timed out.');
    case 'rate limited':
      return llmRetried(call, note, rateLimited(stack, random));
    case 'quota used up':
      return llmFailed(call, note, quotaUsedUp(stack, random));
    case 'LLM failed':
      return llmFailed(call, note, random.integer(0, 1) === 0 ? 'Connection error.' : 'Request timed out.');
    case 'model unknown':
      return words('error', CLOSING, { err: serialized(modelUnknown(stack, random)) });
    case 'TTS retried':
      return words('warning', `failed to synthesize speech, retrying in ${waitMs(note)}ms`, {
        tts: stack.tts.label,
        attempt: note.attempt ?? 1,
        error: { type: 'APIError', message: 'no audio frames were pushed', retryable: true },
      });
    case 'VAD slow':
      return words(
        'warning',
        call.version === '1.7.0' ? 'VAD slower than realtime' : 'VAD inference is slower than realtime',
        { extraInferenceTimeMs: (note.seconds ?? 0.3) * 1000 },
      );
    case 'loop blocked':
    case 'host stalled':
      return stalled(note, random);
    case 'turn detector failed over':
      return words('warning', 'cloud turn detector failed; falling back to local mini model', {
        reason: random.integer(0, 1) === 0 ? 'connect ETIMEDOUT 203.0.113.9:443' : 'prediction timed out',
      });
    case 'turn detector timed out':
      return words('warning', 'eot prediction timed out, committing without a prediction', {
        timeout: (note.seconds ?? 1) * 1000,
      });
    case 'turn detector slow':
      return words('warning', 'turn detection transport latency is too high', {
        transportLatencyMs: waitMs(note),
      });
    case 'process unresponsive':
      return words('warning', 'job executor is unresponsive', { delay: waitMs(note) });
    case 'tool ran':
      return words('debug', 'Tool call execution finished', {
        speech_id: `speech_${random.integer(100000, 999999)}`,
        function: 'lookup_order',
      });
  }
}
