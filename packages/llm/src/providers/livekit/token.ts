import { createHmac } from 'node:crypto';
import { FirstwordError } from '@firstword/turn';

/** Lifetime of a token, s; the same as in LiveKit's own client. */
const LIFE_S = 600;
/** Tokens start at whole minutes, so that one serves many requests, s. */
const STEP_S = 60;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

let last: { key: string; fromS: number; token: string } | undefined;

/**
 * A JWT that grants inference only.
 * @param key `key:secret`
 * @throws FirstwordError `bad_input` if the secret is missing
 */
export function inferenceToken(key: string, wallMs: number): string {
  const fromS = Math.floor(wallMs / 1_000 / STEP_S) * STEP_S;
  if (last?.key === key && last.fromS === fromS) return last.token;
  const colon = key.indexOf(':');
  if (colon < 1 || colon === key.length - 1) {
    throw new FirstwordError(
      'bad_input',
      'LiveKit Inference needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET as key:secret',
    );
  }
  const claims = {
    iss: key.slice(0, colon),
    sub: 'agent',
    nbf: fromS,
    exp: fromS + LIFE_S,
    inference: { perform: true },
  };
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = createHmac('sha256', key.slice(colon + 1))
    .update(unsigned)
    .digest('base64url');
  const token = `${unsigned}.${signature}`;
  last = { key, fromS, token };
  return token;
}
