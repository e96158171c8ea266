import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../answer/failure.js';

/** What a voice agent says about a request, in headers. Everything is optional. */
export interface VoiceHeaders {
  /** `x-firstword-waiting-since-ms`: when the caller started to wait, Unix time, ms. */
  waitingSinceUnixMs?: number;
  /** `x-firstword-session`: the conversation, up to 256 characters. */
  session?: string;
  /** `x-firstword-speculative`: no caller is waiting until this id is confirmed; up to 128 characters. */
  speculation?: string;
  /** `x-firstword-hold`: `clause` holds text back until the first clause, `none` does not. */
  holdUntilClause?: boolean;
  /** `x-firstword-trace: end`: a stream ends with its trace, as a comment. */
  traceAtEnd?: boolean;
}

function textOf(headers: IncomingHttpHeaders, name: string, maxLength: number): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= maxLength) return value;
  throw new GatewayError(400, `the header ${name} must have 1 to ${maxLength} characters`);
}

/**
 * Reads the Unix time in `x-firstword-waiting-since-ms`.
 * @throws GatewayError 400 for anything but a number
 */
export function readWaitingSince(headers: IncomingHttpHeaders): number | undefined {
  const name = 'x-firstword-waiting-since-ms';
  const text = textOf(headers, name, 32);
  if (text === undefined) return undefined;
  const value = Number(text);
  // A duration or a time in seconds would be a date long ago, and would be ignored without a word.
  if (value >= 1e12) return value;
  throw new GatewayError(
    400,
    `the header ${name} must be the Unix time at which the caller started to wait, in milliseconds, such as 1796049644123`,
  );
}

/**
 * Reads the headers of a voice agent.
 * @throws GatewayError 400 for a value that cannot be meant
 */
export function readVoiceHeaders(headers: IncomingHttpHeaders): VoiceHeaders {
  const voice: VoiceHeaders = {};
  const since = readWaitingSince(headers);
  if (since !== undefined) voice.waitingSinceUnixMs = since;
  const session = textOf(headers, 'x-firstword-session', 256);
  if (session !== undefined) voice.session = session;
  const speculation = textOf(headers, 'x-firstword-speculative', 128);
  if (speculation !== undefined) voice.speculation = speculation;
  const hold = headers['x-firstword-hold'];
  if (hold !== undefined) {
    if (hold !== 'clause' && hold !== 'none')
      throw new GatewayError(400, 'the header x-firstword-hold must be "clause" or "none"');
    voice.holdUntilClause = hold === 'clause';
  }
  const trace = headers['x-firstword-trace'];
  if (trace !== undefined) {
    if (trace !== 'end') throw new GatewayError(400, 'the header x-firstword-trace must be "end"');
    voice.traceAtEnd = true;
  }
  return voice;
}
