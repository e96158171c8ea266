import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HealthNews, MemoryFollower, RouterMemory } from '../memory/router-memory.js';
import type { LatencyObservation } from '../policy/latency/window.js';

/** A place where memories are kept. */
export interface MemoryPlace {
  /** Opens a memory there, as another process would; the same one again where processes do not share it. */
  open(): Required<RouterMemory> & { close?(): Promise<void> };
  /** Removes the place. */
  remove?(): Promise<void>;
}

type Heard = MemoryFollower & { times: LatencyObservation[]; news: { news: HealthNews; ageMs: number }[] };

const listener = (): Heard => {
  const times: Heard['times'] = [];
  const news: Heard['news'] = [];
  return {
    times,
    news,
    onTimes: (seen) => void times.push(...seen),
    onHealth: (item, ageMs) => void news.push({ news: item, ageMs }),
  };
};

const answered = (ms: number): LatencyObservation => ({
  ms,
  censored: false,
  informative: true,
  lostRace: false,
  context: {},
});

/** Every kind of request, as a window of latencies keeps it. */
const KINDS: LatencyObservation[] = [
  answered(120),
  { ...answered(130), context: { duplicate: true } },
  { ...answered(140), context: { awaited: false } },
  { ...answered(150), context: { priorWaitMs: -300 } },
  { ms: 160, censored: true, informative: true, lostRace: true, context: {} },
  { ms: 170, censored: true, informative: false, lostRace: true, context: { priorWaitMs: 900 } },
  { ms: 180, censored: true, informative: false, lostRace: false, context: { awaited: false } },
];

const OPENED: HealthNews = { type: 'opened', forMs: 5_000 };
const LIMITS: HealthNews = {
  type: 'limits',
  requests: { remaining: 0, limit: 60, resetMs: 20_000 },
  tokens: { remaining: 12 },
  blockedMs: 1_500,
};

/** Longer than any store needs to pass something on, ms. */
const WITHIN = { timeout: 10_000 };
const eventually = (check: () => void) => vi.waitFor(check, WITHIN);

/**
 * Runs the tests that every store of router memory must pass, as Vitest tests. Call it in a test file.
 * @param create makes an empty place, for one test
 */
export function memoryConformance(name: string, create: () => MemoryPlace | Promise<MemoryPlace>): void {
  const place = async () => {
    const made = await create();
    const opened: ReturnType<MemoryPlace['open']>[] = [];
    onTestFinished(async () => {
      await Promise.all(opened.map((memory) => memory.close?.()));
      await made.remove?.();
    });
    return () => {
      const memory = made.open();
      opened.push(memory);
      return memory;
    };
  };
  describe(`${name}, as every memory`, () => {
    times(place);
    news(place);
  });
}

type Place = () => Promise<() => ReturnType<MemoryPlace['open']>>;

function times(place: Place): void {
  test('knows nothing at first', async () => {
    const memory = (await place())();
    await memory.ready();
    expect(memory.load('a/x')).toEqual([]);
  });

  test('passes times on unchanged to every router but the one that measured them', async () => {
    const open = await place();
    const [one, other] = [open(), open()];
    const [author, neighbour, far] = [listener(), listener(), listener()];
    one.follow('a/x', author);
    one.follow('a/x', neighbour);
    other.follow('a/x', far);
    for (const seen of KINDS) one.append('a/x', seen, author);
    await eventually(() => expect(far.times).toEqual(KINDS));
    expect(neighbour.times).toEqual(KINDS);
    expect(author.times).toEqual([]);
  });

  test('a router that starts later gets the newest 800 times, oldest first', async () => {
    const open = await place();
    const one = open();
    for (let ms = 1; ms <= 900; ms += 1) one.append('a/x', answered(ms));
    one.append('b/y', answered(7));
    await eventually(async () => {
      const later = open();
      const heard = listener();
      later.follow('a/x', heard);
      later.follow('b/y', listener());
      await later.ready();
      const found = [...later.load('a/x')].map(({ ms }) => ms);
      expect(found).toEqual(Array.from({ length: 800 }, (_, at) => at + 101));
      expect(later.load('b/y')).toEqual([answered(7)]);
    });
  });

  test('keeps models apart, whatever their names', async () => {
    const open = await place();
    const [one, other] = [open(), open()];
    const names = ['a/x', 'a/x@10.0.0.7:8000/v1', 'a/x#9f86d081', 'ä/ß 漢:*?[1]\n', '__proto__'];
    const heard = names.map((name) => {
      const follower = listener();
      other.follow(name, follower);
      return follower;
    });
    for (const [at, name] of names.entries()) one.append(name, answered(at + 1));
    await eventually(() =>
      expect(heard.map((each) => each.times)).toEqual(names.map((_, at) => [answered(at + 1)])),
    );
  });

  test('a follower that has stopped hears nothing more', async () => {
    const open = await place();
    const [one, other] = [open(), open()];
    const [stopped, hears] = [listener(), listener()];
    const stop = other.follow('a/x', stopped);
    other.follow('a/x', hears);
    stop();
    stop();
    one.append('a/x', answered(1));
    await eventually(() => expect(hears.times).toHaveLength(1));
    expect(stopped.times).toEqual([]);
  });

  test('never throws, whatever it is given', async () => {
    const memory = (await place())();
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300])
      expect(() => memory.append('a/x', answered(ms))).not.toThrow();
    expect(() => memory.report('a/x', { type: 'opened', forMs: Number.NaN })).not.toThrow();
    expect(() => memory.append('', answered(1))).not.toThrow();
  });
}

function news(place: Place): void {
  test('passes news on to every router but the one that found it out', async () => {
    const open = await place();
    const [one, other] = [open(), open()];
    const [author, neighbour, far] = [listener(), listener(), listener()];
    one.follow('a/x', author);
    one.follow('a/x', neighbour);
    other.follow('a/x', far);
    one.report('a/x', OPENED, author);
    one.report('a/x', LIMITS, author);
    const all = [OPENED, LIMITS];
    await eventually(() => {
      expect(far.news.map((heard) => heard.news)).toEqual(expect.arrayContaining(all));
      expect(far.news).toHaveLength(2);
    });
    expect(neighbour.news.map((heard) => heard.news)).toEqual(all);
    expect(author.news).toEqual([]);
    for (const { ageMs } of far.news) expect(ageMs).toBeGreaterThanOrEqual(0);
  });

  test('a router that starts later hears news that still matters', async () => {
    const open = await place();
    open().report('a/x', { type: 'opened', forMs: 60_000 });
    await eventually(async () => {
      const heard = listener();
      const later = open();
      later.follow('a/x', heard);
      await later.ready();
      expect(heard.news.map(({ news }) => news)).toEqual([{ type: 'opened', forMs: 60_000 }]);
    });
  });
}
