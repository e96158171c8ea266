/** What replaces a secret or a personal identifier. */
export const REDACTED = '[redacted]';

/** A signed token (JWT) has three parts; the first is an encoded JSON object. */
const JWT_PARTS = 3;

/** Replaces the signed tokens in a text of parts joined by full stops. */
function withoutJwts(dotted: string): string {
  const parts = dotted.split('.');
  const left: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!;
    const start = at + JWT_PARTS <= parts.length ? part.search(/\beyJ[\w-]{8,}$/) : -1;
    left.push(start < 0 ? part : part.slice(0, start) + REDACTED);
    if (start >= 0) at += JWT_PARTS - 1;
  }
  return left.join('.');
}

/**
 * What to replace, and with what. Each pattern takes time linear in the length of the text: it does not begin inside a run
 * of characters that it has already examined in vain.
 */
const PATTERNS: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  // User name and password in a URL, and keys among its parameters.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`],
  [
    /([?&](?:api[-_]?key|key|token|access[-_]token|secret|password|sig|signature)=)[^&\s"']+/gi,
    `$1${REDACTED}`,
  ],
  [/(\bBearer\s+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
  // Signed tokens, such as LiveKit's.
  [/(?<![\w-])[\w-]+(?:\.[\w-]+){2,}/g, withoutJwts],
  // API keys of OpenAI, Anthropic, Groq, Cerebras, xAI, Hugging Face, Fireworks, NVIDIA, Together and Google.
  [/\b(?:sk|csk|xai|nvapi)-[\w-]{12,}|\b(?:gsk|hf|fw|tgp)_\w{12,}|\bAIza[\w-]{20,}/g, REDACTED],
  // E-mail addresses, without a word boundary before them: room names join their parts with underscores.
  [/(?<![\p{L}\d.%+-])[\p{L}\d.%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu, REDACTED],
  // Telephone numbers with a country code, and those in LiveKit's names of SIP participants and rooms.
  [/\+\d(?:[ ().-]{0,2}\d){6,14}/g, REDACTED],
  [/((?:^|[^a-z])(?:sips?|tel)[_:-])\d{5,15}(?!\d)/gi, `$1${REDACTED}`],
];

/**
 * Replaces keys, tokens, passwords in URLs, e-mail addresses and telephone numbers in a text. They are recognized by
 * their format: a key of an unknown format, a person's name, or a telephone number without a country code stays.
 */
export function redact(text: string): string {
  return PATTERNS.reduce(
    (left, [pattern, by]) => (typeof by === 'string' ? left.replace(pattern, by) : left.replace(pattern, by)),
    text,
  );
}

/** Deeper values are replaced as a whole. Without a limit, nested data from outside would overflow the stack. */
const MAX_DEPTH = 100;

/** Applies `redact` to every string in JSON data. Field names stay. What is nested deeper than 100 levels is replaced. Returns a copy. */
export function redactAll<T>(value: T): T {
  return redactedCopy(value, 0) as T;
}

function redactedCopy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return value.map((one) => redactedCopy(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactedCopy(one, depth + 1)]));
}
