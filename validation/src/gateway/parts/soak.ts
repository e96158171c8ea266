import { type GatewaySoak, runGatewaySoak } from '../soak.js';
import { checkAtMost, checkExactly, textTable } from '../tables.js';
import type { GatewayBenchPart, GatewayPartResult } from './part.js';

const REQUESTS = 100_000;
const QUICK_REQUESTS = 2_000;
const RELOADS = 10;
const ABORTS_PER_SECOND = 50;
/** In a shorter soak the process still warms up, so that its memory says nothing about a leak. */
const JUDGED_REQUESTS = 20_000;
/** Growth of resident memory from the second quarter to the last that counts as flat, MB. */
const FLAT_MB = 15;
/** Open files may differ by this many: log files, and sockets that are just closing. */
const FLAT_DESCRIPTORS = 4;

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean memory of the last quarter minus that of the second one: before that, the process warms up. */
function grownMb({ samples }: GatewaySoak): number {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const mean = (part: GatewaySoak['samples']) => meanOf(part.map(({ residentMb }) => residentMb));
  return mean(samples.slice(-quarter)) - mean(samples.slice(quarter, 2 * quarter));
}

const exact = (value: number) => ({ value, low: value, high: value });

/** Many requests, reloads and clients that hang up. */
export const soakPart: GatewayBenchPart = {
  about:
    '100,000 requests, 10 reloads, 50 clients a second that hang up: memory, sockets, none lost (--requests N)',
  async run({ ours, quick, requests, folder, progress, signal }): Promise<GatewayPartResult> {
    const wanted = requests ?? (quick ? QUICK_REQUESTS : REQUESTS);
    const soak = await runGatewaySoak({
      arm: ours,
      requests: wanted,
      reloads: RELOADS,
      abortsPerSecond: ABORTS_PER_SECOND,
      folder,
      progress: (answered) => progress(`soak: ${answered} of ${wanted} requests`),
      signal,
    });
    const rows = soak.samples.map(({ answered, residentMb, descriptors }) => [
      String(answered),
      residentMb.toFixed(1),
      String(descriptors),
    ]);
    const { descriptors, leftOpen } = soak;
    const counts = `${soak.answered} answered, ${soak.hungUp} hung up, ${soak.reloads} reloads, ${soak.lost} lost; files open before ${descriptors.before}, after ${descriptors.after}; the provider still had ${leftOpen.requests} requests and ${leftOpen.connections} connections open`;
    return {
      tables: [[textTable(['answered', 'MB', 'open files'], rows), counts, ...soak.losses].join('\n')],
      checks: [
        checkExactly('soak: requests lost', 0, soak.lost),
        ...(wanted < JUDGED_REQUESTS
          ? []
          : [
              checkAtMost({
                what: 'soak: memory grown, MB',
                limit: FLAT_MB,
                measured: exact(grownMb(soak)),
                digits: 1,
              }),
            ]),
        checkExactly('soak: requests left open upstream', 0, leftOpen.requests),
        checkAtMost({
          what: 'soak: open files after the last client has left, beyond those before and upstream connections',
          limit: FLAT_DESCRIPTORS,
          measured: exact(descriptors.after - descriptors.before - leftOpen.connections),
          digits: 0,
        }),
      ],
      missing: [],
      data: soak,
    };
  },
};
