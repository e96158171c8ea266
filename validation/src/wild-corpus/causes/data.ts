import { ALL_SDKS, changedCalls, delayFirstToken, LIVEKIT, type WildCause } from '../cause.js';
import { between, happens } from '../draw.js';

/** Figures that cannot be true: a delay of minutes between turns that follow each other, as in livekit/agents#6093. */
const impossible: WildCause = {
  id: 'impossible-figures',
  sdks: LIVEKIT,
  needs: ['end of turn'],
  accepted: ['impossible-metrics', 'kind:data'],
  alsoTrue: [],
  calls: (random, sdk, wording) =>
    changedCalls((turn, index) => {
      if (index % 3 === 1) turn.printedEndOfTurnMs = between(random, 61_000, 240_000);
    })(random, sdk, wording),
};

/** Seconds in no stage: what holds the reply is not in the data. */
const unexplained: WildCause = {
  id: 'unexplained-rest',
  sdks: LIVEKIT,
  needs: ['e2e', 'ttft', 'ttfb', 'end of turn'],
  accepted: ['unreported-time', 'kind:unknown', 'before-reply'],
  alsoTrue: [],
  calls: changedCalls((turn, index, _call, random) => {
    if (index % 5 === 4) return;
    turn.unexplainedMs = happens(random, 0.3) ? between(random, 8000, 19_000) : between(random, 2500, 4500);
  }),
};

/** The caller hears the agent late, and nothing in the data shows it: the telephone is not measured. */
const notInData: WildCause = {
  id: 'not-in-the-data',
  sdks: LIVEKIT,
  needs: ['end of turn', 'ttft', 'ttfb'],
  accepted: ['kind:unknown', 'kind:data'],
  alsoTrue: [],
  isUndecidable: true,
  calls: changedCalls(() => {}),
};

/** One turn, and no figure stands out. */
const tooLittle: WildCause = {
  id: 'too-little',
  sdks: LIVEKIT,
  needs: ['end of turn', 'ttft', 'ttfb'],
  accepted: ['kind:unknown', 'kind:data'],
  alsoTrue: [],
  isUndecidable: true,
  calls: (random, sdk, wording) =>
    changedCalls(() => {})(random, sdk, wording)
      .slice(0, 1)
      .map((call) => {
        call.turns.length = 1;
        return call;
      }),
};

/** Something is slow, but the log's format drops the figures, or only the start of the worker is there. */
const figuresMissing: WildCause = {
  id: 'figures-missing',
  sdks: ['python'],
  needs: [],
  accepted: ['kind:unknown', 'kind:data'],
  alsoTrue: [],
  isUndecidable: true,
  shapes: ['python-plain', 'python-start-up'],
  calls: changedCalls((turn, _index, _call, random) => delayFirstToken(turn, between(random, 900, 2200))),
};

/** The format has no turns. */
const unreadable: WildCause = {
  ...figuresMissing,
  id: 'unreadable-format',
  shapes: ['twilio-call', 'otlp-metrics', 'prose'],
};

/** Causes that are not in the data, or contradict it. */
export const DATA_CAUSES: readonly WildCause[] = [
  impossible,
  unexplained,
  notInData,
  tooLittle,
  figuresMissing,
  unreadable,
];

/** Calls in which nothing is wrong. */
export const HEALTHY: WildCause = {
  id: 'healthy',
  sdks: ALL_SDKS,
  needs: [],
  accepted: [],
  alsoTrue: [],
  calls: changedCalls(() => {}),
};
