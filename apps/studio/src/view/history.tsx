import { memo } from 'preact/compat';
import { useState } from 'preact/hooks';
import { earlierTurns } from '../state/selectors.js';
import type { DisplayedTurn, StudioState } from '../state/state.js';
import { hasFailed, msText } from './format.js';
import { LeverEffectsView } from './lever-effects-view.js';
import { ToolLedger } from './silences-view.js';
import { Strip } from './strip.js';
import { TurnBadges, TurnFacts } from './turn-details.js';
import { WaterfallView } from './waterfall.js';

interface TurnRowProps {
  turn: DisplayedTurn;
  scaleMs: number;
  callId: string | undefined;
  isOfEarlierCall: boolean;
}

function gapText(record: DisplayedTurn['record']): string {
  if (record.feltGapMs !== undefined) return `${msText(record.feltGapMs)} ms`;
  return hasFailed(record) ? 'failed' : 'no felt gap';
}

/** One earlier turn. It opens to its ledger, which is rendered only while it is open. */
const TurnRow = memo(({ turn, scaleMs, callId, isOfEarlierCall }: TurnRowProps) => {
  const [open, setOpen] = useState(false);
  const { record } = turn;
  return (
    <li>
      <details class="turn" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary data-testid="earlier-turn" data-turn={record.turn} data-ms={record.feltGapMs}>
          <span class="turn-name">Turn {record.turn}</span>
          <span class="turn-gap">{gapText(record)}</span>
          <Strip segments={record.segments} scaleMs={scaleMs} />
          <span class="badges">
            <TurnBadges turn={turn} callId={callId} />
            {isOfEarlierCall && <span class="badge">earlier call</span>}
          </span>
        </summary>
        {open && (
          <div class="turn-body">
            <WaterfallView record={record} />
            <ToolLedger record={record} />
            <LeverEffectsView record={record} />
            <TurnFacts record={record} />
          </div>
        )}
      </details>
    </li>
  );
});

/** Step of the strips' scale, ms. If the scale changed with every turn, every row would be rendered again. */
const SCALE_STEP_MS = 500;

/** The panel with the earlier turns, newest first. */
export function TurnHistory({ state }: { state: StudioState }) {
  const earlier = earlierTurns(state);
  const newestCallId = state.call.callId ?? state.turns[0]?.record.callId;
  const longestMs = Math.max(SCALE_STEP_MS, ...earlier.map((turn) => turn.record.feltGapMs ?? 0));
  const scaleMs = Math.ceil(longestMs / SCALE_STEP_MS) * SCALE_STEP_MS;
  return (
    <section class="panel history" aria-labelledby="history-title">
      <h2 id="history-title" class="eyebrow">
        Earlier turns
      </h2>
      {earlier.length === 0 ? (
        <p class="muted">Previous turns appear here.</p>
      ) : (
        <ol class="turns">
          {earlier.map((turn) => (
            <TurnRow
              key={turn.key}
              turn={turn}
              scaleMs={scaleMs}
              callId={state.call.callId}
              isOfEarlierCall={turn.record.callId !== newestCallId}
            />
          ))}
        </ol>
      )}
      {state.droppedTurns > 0 && (
        <p class="muted">{state.droppedTurns} older turns are no longer shown here.</p>
      )}
    </section>
  );
}
