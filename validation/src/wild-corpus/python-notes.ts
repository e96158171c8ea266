import type { Random } from '@firstword/turn/statistics';
import type { WildCall, WildNote } from './call.js';
import { between } from './draw.js';
import {
  modelUnknown,
  type ProviderRefusal,
  pythonBody,
  pythonText,
  quotaUsedUp,
  rateLimited,
} from './provider-errors.js';
import type { LogRecord } from './record.js';

type Words = Omit<LogRecord, 'atMs'>;

const AGENTS = 'livekit.agents';
const isNew = ({ version }: WildCall) => version === '1.7.0';

const words = (
  level: LogRecord['level'],
  message: string,
  extra: Record<string, unknown> = {},
  logger = AGENTS,
): Words => ({ level, logger, message, extra });

/** `str(APIStatusError)` of LiveKit. */
const statusError = (error: ProviderRefusal): string =>
  `message=${pythonText(`Error code: ${error.status} - {'error': ${pythonBody(error)}}`)}, status_code=${error.status}, retryable=${error.status === 429 ? 'True' : 'False'}, request_id=${error.requestId}, body=${pythonBody(error)}`;

function traceback(last: string): string {
  return [
    'Traceback (most recent call last):',
    '  File "/usr/local/lib/python3.12/site-packages/livekit/plugins/openai/llm.py", line 841, in _run',
    '    self._oai_stream = stream = await self._client.chat.completions.create(',
    '  File "/usr/local/lib/python3.12/site-packages/openai/_base_client.py", line 1562, in request',
    '    raise self._make_status_error_from_response(err.response) from None',
    last,
  ].join('\n');
}

/** LiveKit waits and asks again. Up to 1.4 the reason stood in the traceback, since 1.7 it stands in the message. */
function llmRetried(call: WildCall, note: WildNote, error: ProviderRefusal | string): Words {
  const text = typeof error === 'string' ? error : statusError(error);
  const extra = { llm: call.stack.llm.label, attempt: note.attempt ?? 1 };
  const wait = note.seconds ?? 2;
  if (isNew(call))
    return words('warning', `failed to generate LLM completion: ${text}, retrying in ${wait}s`, extra);
  const kind = typeof error === 'string' ? 'APIConnectionError' : 'APIStatusError';
  return {
    ...words('warning', `failed to generate LLM completion, retrying in ${wait}s`, extra),
    traceback: traceback(`livekit.agents._exceptions.${kind}: ${text}`),
  };
}

/** The session ends. Since 1.7 the message names the error. */
const closing = (call: WildCall, text: string): Words =>
  isNew(call)
    ? words('error', `AgentSession is closing due to unrecoverable error: ${text.split('\n')[0]}`)
    : { ...words('error', 'AgentSession is closing due to unrecoverable error'), traceback: traceback(text) };

/** The last attempt of a failing request closes the session or ends in an error. */
function llmFailed(call: WildCall, note: WildNote, error: ProviderRefusal | string): Words {
  if ((note.attempt ?? 1) < 4) return llmRetried(call, note, error);
  const cause = typeof error === 'string' ? error : statusError(error);
  return closing(
    call,
    `${cause}\n\nThe above exception was the direct cause of the following exception:\n\nlivekit.agents._exceptions.APIConnectionError: failed to generate LLM completion after 4 attempts`,
  );
}

function ttsRetried(call: WildCall, note: WildNote): Words {
  const extra = { tts: call.stack.tts.label, attempt: note.attempt ?? 1, streamed: true };
  const reason = "message='no audio frames were pushed', status_code=-1, retryable=True";
  const wait = note.seconds ?? 2;
  if (isNew(call))
    return words('warning', `failed to synthesize speech: ${reason}, retrying in ${wait}s`, extra);
  return {
    ...words('warning', `failed to synthesize speech, retrying in ${wait}s`, extra),
    traceback: traceback('livekit.agents._exceptions.APIError: no audio frames were pushed'),
  };
}

function loopBlocked(call: WildCall, note: WildNote, random: Random): Words {
  const took = note.seconds ?? 1;
  if (!isNew(call))
    return words(
      'warning',
      `Running <Task finished name='AgentActivity.pipeline_reply' coro=<AgentActivity._pipeline_reply_task() done, defined at /app/.venv/lib/python3.12/site-packages/livekit/agents/utils/log.py:13> result=None> took too long: ${took.toFixed(2)} seconds`,
    );
  const place = '"/app/src/agent.py", line 143, in search_documents';
  return words(
    'warning',
    `event loop blocked for ${Math.round(took * 1000)}ms at ${place}; synchronous work on the agent loop delays audio and turn handling, move it to a thread or an async client`,
    {
      duration: Number(took.toFixed(4)),
      threshold: 0.1,
      gc_time: 0.0021,
      cpu_time: Number((took * between(random, 0.6, 0.98)).toFixed(4)),
      task: `Task-${random.integer(40, 900)}`,
    },
  );
}

/** A note about LiveKit's cloud turn detector. */
function turnDetectorNote(
  kind: 'turn detector failed over' | 'turn detector timed out' | 'turn detector slow',
  note: WildNote,
  random: Random,
): Words {
  switch (kind) {
    case 'turn detector failed over':
      return words(
        'warning',
        `cloud turn detector failed (${random.integer(0, 1) === 0 ? 'Cannot connect to host agent-gateway.livekit.cloud:443 ssl:default' : 'prediction timed out'}); falling back to local mini model`,
      );
    case 'turn detector timed out':
      return words('warning', 'eot prediction timed out, committing without a prediction', {
        timeout: note.seconds ?? 1,
      });
    case 'turn detector slow':
      return words(
        'warning',
        `turn detection transport latency is too high: ${Math.round((note.seconds ?? 0.8) * 1000)}ms`,
      );
  }
}

/** A note in the words of LiveKit Agents for Python, by version. */
export function pythonNote(call: WildCall, note: WildNote, random: Random): Words {
  const { stack } = call;
  switch (note.kind) {
    case 'speculation used':
      return words('debug', 'using preemptive generation', { preemptive_lead_time: note.seconds ?? 0.3 });
    case 'speculation discarded':
      return words(
        'warning',
        isNew(call)
          ? 'preemptive generation invalidated after `on_user_turn_completed` because the transcript, chat context, tools, or tool choice changed'
          : 'preemptive generation enabled but chat context or tools have changed after `on_user_turn_completed`',
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
      return closing(
        call,
        `livekit.agents._exceptions.APIStatusError: ${statusError(modelUnknown(stack, random))}`,
      );
    case 'TTS retried':
      return ttsRetried(call, note);
    case 'VAD slow':
      return words(
        'warning',
        'inference is slower than realtime',
        { delay: note.seconds ?? 0.3 },
        isNew(call) ? AGENTS : 'livekit.plugins.silero',
      );
    case 'loop blocked':
    case 'host stalled':
      return loopBlocked(call, note, random);
    case 'turn detector failed over':
    case 'turn detector timed out':
    case 'turn detector slow':
      return turnDetectorNote(note.kind, note, random);
    case 'process unresponsive':
      return words('warning', isNew(call) ? 'process is unresponsive' : 'job executor is unresponsive', {
        delay: Math.round((note.seconds ?? 0.6) * 1000),
      });
    case 'tool ran':
      return words('debug', 'tools execution completed', {
        speech_id: `speech_${random.integer(100000, 999999)}`,
      });
  }
}
