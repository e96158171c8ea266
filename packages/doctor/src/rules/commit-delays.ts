import { ascending, median, percentile } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { mean } from '../figures.js';
import { isMachineLate } from './machine-late.js';
import { waitedForDelay } from './waited-for-stt.js';

/** LiveKit's `maxDelay` is 2,500 or 3,000 ms by default: a commit from here on comes from it. */
const DEFAULT_MAX_FROM_MS = 2_200;
/** A second mode begins at this multiple of the first, and this many ms above it. */
const APART = 1.6;
const APART_MS = 350;
/** A delay that a setting makes varies less than this; what waits for an answer varies more. */
const CONSTANT_MS = 45;
const MIN_CONSTANT = 3;

/** Turns whose commit waited for a delay, by what that delay was. */
export interface CommitDelays {
  /** The short delay, `minDelay`. */
  short: EvidenceTurn[];
  /** The long one, `maxDelay`. */
  long: EvidenceTurn[];
  /** Later than the short one, and no constant delay: something was waited for. */
  late: EvidenceTurn[];
  /** Whether the data itself says which delay ran. */
  isReported: boolean;
}

/** From the caller's last sample to the commit; the turn must have it. */
export const commitMs = ({ parts }: EvidenceTurn): number => parts.endOfTurnMs!;

const LONG = /max|unsure|open/i;

/** What the record or the session's options say of the delay that ran out. */
function reportedDelay({ settings, parts }: EvidenceTurn): 'short' | 'long' | undefined {
  const bound = settings?.['endpointing.bound'];
  if (typeof bound === 'string') return LONG.test(bound) ? 'long' : 'short';
  const [min, max] = [settings?.['endpointing.minDelay'], settings?.['endpointing.maxDelay']];
  if (typeof min !== 'number' || typeof max !== 'number' || max < min + APART_MS) return undefined;
  return parts.endOfTurnMs! > (min + max) / 2 ? 'long' : 'short';
}

const spread = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** Whether these delays are one setting's. */
const isConstant = (turns: readonly EvidenceTurn[]): boolean =>
  turns.length >= MIN_CONSTANT && spread(turns.map(commitMs)) <= CONSTANT_MS;

function byModes(turns: readonly EvidenceTurn[]): Omit<CommitDelays, 'isReported'> {
  const isDefaultMax = (turn: EvidenceTurn) => commitMs(turn) >= DEFAULT_MAX_FROM_MS;
  const others = turns.filter((turn) => !isDefaultMax(turn));
  const long = turns.filter(isDefaultMax);
  if (others.length === 0) return { short: [], long, late: [] };
  const firstMode = percentile(ascending(others.map(commitMs)), 25);
  const above = others.filter((turn) => commitMs(turn) > Math.max(APART * firstMode, firstMode + APART_MS));
  const short = others.filter((turn) => !above.includes(turn));
  return isConstant(above) ? { short, long: [...long, ...above], late: [] } : { short, long, late: above };
}

/**
 * Sorts turns by the delay that their commit waited for. Two modes stay apart: their mean is no turn's. Turns in which
 * the machine was late are left out, since no setting explains their delay.
 */
export function commitDelays(turns: readonly EvidenceTurn[]): CommitDelays {
  const waited = turns.filter(
    (turn) => turn.parts.endOfTurnMs !== undefined && waitedForDelay(turn) && !isMachineLate(turn),
  );
  const reported = waited.filter((turn) => reportedDelay(turn) !== undefined);
  const guessed = byModes(waited.filter((turn) => reportedDelay(turn) === undefined));
  return {
    short: [...reported.filter((turn) => reportedDelay(turn) === 'short'), ...guessed.short],
    long: [...reported.filter((turn) => reportedDelay(turn) === 'long'), ...guessed.long],
    late: guessed.late,
    isReported: reported.length > waited.length / 2,
  };
}

/** The value of a delay's setting in these turns, ms, where the data has it. */
export function settingOf(turns: readonly EvidenceTurn[], name: 'minDelay' | 'maxDelay'): number | undefined {
  return median(
    turns.flatMap(({ settings }) => {
      const value = settings?.[`endpointing.${name}`];
      return typeof value === 'number' ? [value] : [];
    }),
  );
}
