import type { IncomingMessage, ServerResponse } from 'node:http';
import { seededRandom } from '@firstword/turn/statistics';
import { z } from 'zod';
import { readBody } from '../../../server/body.js';
import { bytesOf } from '../../audio/pcm.js';
import type { SharedSpeechParts } from '../../server/connection.js';
import type { SpeechServiceStats } from '../../service.js';
import { Synthesis } from '../../tts/synthesis.js';
import { headerKey } from '../keys.js';
import { sampleRateOf } from './output-format.js';

const PATH = /\/v1\/text-to-speech\/[^/]+\/stream$/;
const MAX_BODY_BYTES = 1_000_000;
const keyOf = headerKey('xi-api-key');
const requestBody = z.object({ text: z.string(), model_id: z.string().optional() });

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ detail: { status: 'emulated', message } }));
}

/**
 * ElevenLabs' TTS over HTTP, `POST …/v1/text-to-speech/<voice>/stream`: LiveKit's `FallbackAdapter` uses it to find out
 * whether the service works again. Returns whether it has taken the request.
 */
export function elevenLabsStream(options: {
  shared: SharedSpeechParts;
  stats: SpeechServiceStats;
  requireKey: string | undefined;
}): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { shared, stats, requireKey } = options;
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    if (request.method !== 'POST' || !PATH.test(url.pathname)) return false;
    const fault = shared.faults().connection('elevenlabs-tts');
    if (fault?.kind === 'refuse') {
      request.socket.destroy();
    } else if (fault?.kind === 'http-error') {
      refuse(response, fault.status, 'Emulated refusal.');
    } else if (requireKey !== undefined && keyOf(request.headers) !== requireKey) {
      refuse(response, 401, 'Invalid API key.');
    } else {
      void answer({ request, response, url, shared, stats });
    }
    return true;
  };
}

async function answer(options: {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  shared: SharedSpeechParts;
  stats: SpeechServiceStats;
}): Promise<void> {
  const { request, response, url, shared, stats } = options;
  let body: z.infer<typeof requestBody>;
  try {
    body = requestBody.parse(await readBody(request, { maxBytes: MAX_BODY_BYTES }));
  } catch {
    refuse(response, 422, 'The body is not a request to speak.');
    return;
  }
  stats.syntheses += 1;
  const synthesis = new Synthesis({
    voice: shared.voice,
    profile: shared.ttsProfileOf(body.model_id ?? '', 'elevenlabs-turbo-v2.5'),
    clock: shared.clock,
    rateHz: sampleRateOf(url.searchParams),
    delays: seededRandom(shared.seed, 'elevenlabs-tts', 'http', String(stats.syntheses)),
    fault: shared.faults().synthesis('elevenlabs-tts'),
    onAudio: (samples) => response.write(bytesOf(samples)),
    onDone: () => response.end(),
    onFault: () => response.destroy(),
  });
  response.writeHead(200, { 'content-type': 'audio/pcm' });
  response.once('close', () => synthesis.cancel());
  synthesis.say(body.text);
  synthesis.end();
}
