/**
 * The faults of the LLM provider that the turns of the bench meet. Each is what the primary does with every request of a
 * turn; `both` faults hit the backup as well. `expect` is the right end of such a turn: an `answer`, an answer that is `cut`
 * after its first clause, or a `failure` that the session reports. With `live` the answer keeps making progress, or is
 * complete: the router must neither cut it nor have it replaced.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const data = (value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (fields) => data({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
const DONE = data('[DONE]');
const error = (message) => data({ error: { message, type: 'server_error' } });
const usage = data({ choices: [], usage: { prompt_tokens: 40, completion_tokens: 9 } });

/** The pause of a live answer between two pieces, ms: well below the limits of the router. */
const LIVE_PAUSE_MS = 100;
/** Pauses of a live answer that last longer in all than the router’s longest limit on silence (4 s). */
const LIVE_PAUSES = 45;

/** The healthy answer as pieces of a stream. `asked` are the caller's words; `tools` the names of the tools to call. */
export function piecesOf({ asked, tools }) {
  const finish = (reason) => data({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
  const words = textOf(asked).split(/(?<= )/u);
  const call = (name, index) => {
    // Spaces may follow the first piece.
    const [first, ...rest] = [
      '{',
      ...JSON.stringify({ words: asked })
        .slice(1)
        .match(/.{1,4}/gsu),
    ];
    const part = (text, more = {}) =>
      delta({ tool_calls: [{ index, ...more, function: { ...more.function, arguments: text } }] });
    const id = `call_${name}_${crypto.randomUUID()}`;
    return [part(first, { id, type: 'function', function: { name } }), ...rest.map((text) => part(text))];
  };
  const isTool = tools.length > 0;
  return {
    isTool,
    role: delta({ role: 'assistant', content: '' }),
    content: isTool ? tools.flatMap(call) : words.map((content) => delta({ content })),
    finish: finish(isTool ? 'tool_calls' : 'stop'),
  };
}

/** The healthy answer's words. Its first clause and its end both name what was asked. */
export const textOf = (asked) => `Answer to ${asked}. That was ${asked}.`;

const head = (response, type = 'text/event-stream') => response.writeHead(200, { 'content-type': type });
const failed = (response, status, headers = {}, body = { error: { message: 'no' } }) => {
  const isJson = typeof body !== 'string';
  response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/html', ...headers });
  response.end(isJson ? JSON.stringify(body) : body);
};

/** A pause this long of a live answer would be silence, ms: half of what the router allows before the first clause. */
const STARVED_MS = 300;

/** Writes the pieces. Emits `starved` on the response if this thread itself came too late to write the next one. */
async function write(response, pieces, pauseMs = 0) {
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    if (pauseMs === 0) continue;
    const writtenMs = performance.now();
    await sleep(pauseMs);
    if (performance.now() - writtenMs > STARVED_MS) response.emit('starved');
  }
}

async function whole(response, { role, content, finish }, pauseMs = 0) {
  head(response);
  await write(response, [role, ...content, finish, usage, DONE], pauseMs);
  response.end();
}

/** The opening words, then `then`. */
const opens =
  (words, then) =>
  async (response, { role }) => {
    head(response);
    await write(response, [role, delta({ content: words })]);
    await then?.(response);
  };
/** The healthy answer up to `finish`, then `then`. */
const finishes =
  (then) =>
  async (response, { role, content, finish }) => {
    head(response);
    await write(response, [role, ...content, finish]);
    await then?.(response);
  };
const answer = (about, play, more = {}) => ({ about, play, expect: 'answer', ...more });
const live = (about, play, more = {}) => answer(about, play, { live: true, ...more });
const destroyed = (response) => sleep(20).then(() => response.destroy());
const half = ({ content }) => content.slice(0, Math.ceil(content.length / 2));

/** Name → fault. `only`: turns without (`text`) or with (`tool`) a tool call. */
export const FAULTS = {
  none: live('a healthy answer', whole),
  straggler: answer('the whole answer comes late', (r, p) => sleep(1_000).then(() => whole(r, p))),
  'no headers': answer('the request is accepted, nothing follows', () => {}),
  'hang-up': answer('the connection closes before any byte', (r) => r.destroy()),
  'comments only': answer('keep-alive comments without end', async (r) => {
    head(r);
    await write(r, Array(100).fill(': alive\n\n'), 100);
  }),
  'role, then nothing': answer('the role chunk only', (r, { role }) => head(r).write(role)),
  'empty answer': answer('a finish without content', async (r, { role, finish }) => {
    head(r);
    await write(r, [role, finish, DONE]);
    r.end();
  }),
  'empty stream': answer('headers and the end', (r) => head(r).end()),
  'reasoning, then nothing': answer('reasoning that leads to no content', async (r) => {
    head(r);
    await write(r, Array(4).fill(delta({ reasoning: 'hm' })), 30);
  }),
  'error frame': answer('an error event instead of content', (r) => head(r).end(error('overloaded'))),
  'http 500': answer('status 500', (r) => failed(r, 500)),
  'http 503 page': answer('a gateway’s web page with status 503', (r) =>
    failed(r, 503, {}, '<html>Bad</html>'),
  ),
  'rate limit': answer('status 429 with retry-after', (r) => failed(r, 429, { 'retry-after': '0.3' })),
  'rate limit page': answer('status 429 with a web page', (r) =>
    failed(r, 429, { 'retry-after': '0.3' }, '<html>Slow down</html>'),
  ),
  'refused key': answer('status 401', (r) => failed(r, 401)),
  'retired model': answer('status 404, and a list of models that takes 3 s', (r) =>
    failed(r, 404, {}, { error: { code: 'model_not_found', message: 'The model does not exist' } }),
  ),
  'web page': answer('status 200 with a web page', (r) => head(r, 'text/html').end('<html>Log in</html>')),
  garbage: answer('bytes that are neither UTF-8 nor an event', async (r, { role }) => {
    head(r);
    await write(r, [role, Buffer.from([0x64, 0xff, 0xfe, 0x0a, 0x0a])]);
    r.end();
  }),
  'stall in a word': answer('silence after half a word', opens('Answ')),
  'stall after "Sure, "': answer('silence after an opener that is no clause', opens('Sure, ')),
  'stall after "Dr. "': answer('silence after an abbreviation', opens('Dr. ')),
  'stall after "Of course."': answer('silence after a sentence that nothing confirms', opens('Of course.')),
  'reset before a clause': answer('the connection dies after a word', opens('Well', destroyed)),
  'error before a clause': answer(
    'an error event after a word',
    opens('Well', (r) => r.end(error('late'))),
  ),
  'slow words': live('pauses between words', (r, p) => whole(r, p, LIVE_PAUSE_MS)),
  'slow drip': live('the bytes come one by one', async (r, { role, content, finish }) => {
    head(r);
    for (const byte of Buffer.from([role, ...content].join(''))) {
      if (r.destroyed) return;
      r.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    await write(r, [finish, DONE]);
    r.end();
  }),
  'reasoning between words': live(
    'reasoning for longer than the stall limits after the first word',
    async (r, { role, content, finish }) => {
      head(r);
      await write(r, [role, content[0]]);
      await write(r, Array(LIVE_PAUSES).fill(delta({ reasoning: 'hm' })), LIVE_PAUSE_MS);
      await write(r, [...content.slice(1), finish, DONE]);
      r.end();
    },
    { only: 'text' },
  ),
  'finish, then reset': live('the connection dies between finish and [DONE]', finishes(destroyed)),
  'finish, then silence': live('neither [DONE] nor the end of the stream', finishes()),
  'finish, then an error': live(
    'an error event after finish',
    finishes((r) => r.end(error('late'))),
  ),
  'finish, then the end': live(
    'the stream ends without [DONE]',
    finishes((r) => r.end()),
  ),
  'slow arguments': live(
    'arguments of a tool call for longer than the stall limits',
    async (r, { role, content, finish }) => {
      head(r);
      const blanks = Array(LIVE_PAUSES).fill(
        delta({ tool_calls: [{ index: 0, function: { arguments: ' ' } }] }),
      );
      await write(r, [role, content[0]]);
      await write(r, blanks, LIVE_PAUSE_MS);
      await write(r, [...content.slice(1), finish, DONE]);
      r.end();
    },
    { only: 'tool', single: true },
  ),
  'words, then slow arguments': live(
    'a spoken clause, then arguments for longer than the stall limits',
    async (r, { role, content, finish }) => {
      head(r);
      const blanks = Array(LIVE_PAUSES).fill(
        delta({ tool_calls: [{ index: 0, function: { arguments: ' ' } }] }),
      );
      await write(r, [role, delta({ content: 'One moment, please. ' }), content[0]]);
      await write(r, blanks, LIVE_PAUSE_MS);
      await write(r, [...content.slice(1), finish, DONE]);
      r.end();
    },
    { only: 'tool', single: true },
  ),
  'arguments stall': answer(
    'silence inside the arguments of a tool call',
    async (r, pieces) => {
      head(r);
      await write(r, [pieces.role, ...half(pieces)]);
    },
    { only: 'tool' },
  ),
  'arguments break': answer(
    'the connection dies inside the arguments',
    async (r, pieces) => {
      head(r);
      await write(r, [pieces.role, ...half(pieces)]);
      await destroyed(r);
    },
    { only: 'tool', single: true },
  ),
  'broken arguments': answer(
    'arguments that are not JSON',
    async (r, { role, content, finish }) => {
      head(r);
      await write(r, [role, ...content.slice(0, -1), finish, DONE]);
      r.end();
    },
    { only: 'tool', single: true },
  ),
  'reset after a clause': {
    about: 'the connection dies after the first clause was passed on',
    expect: 'cut',
    only: 'text',
    async play(r, { role, content }) {
      head(r);
      await write(r, [role, ...content.slice(0, -1)]);
      await destroyed(r);
    },
  },
  'stall after a clause': {
    about: 'silence after the first clause was passed on',
    expect: 'cut',
    only: 'text',
    async play(r, { role, content }) {
      head(r);
      await write(r, [role, ...content.slice(0, -1)]);
    },
  },
  'words, then arguments stall': {
    about: 'a spoken clause, then silence inside the arguments',
    expect: 'failure',
    only: 'tool',
    async play(r, pieces) {
      head(r);
      await write(r, [pieces.role, delta({ content: 'One moment, please. ' }), ...half(pieces)]);
    },
  },
  'outage, errors': {
    about: 'both providers answer 503',
    expect: 'failure',
    both: true,
    play: (r) => failed(r, 503),
  },
  'outage, silence': { about: 'both providers are silent', expect: 'failure', both: true, play: () => {} },
  'outage, empty stream': {
    about: 'both providers end the stream without an event',
    expect: 'failure',
    both: true,
    play: (r) => head(r).end(),
  },
};
