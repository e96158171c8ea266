import { useEffect, useState } from 'preact/hooks';
import { currentTurn } from '../state/selectors.js';
import type { StudioState } from '../state/state.js';
import type { StudioController } from '../studio-controller.js';
import { Comparison } from './comparison.js';
import { ConnectionBadge } from './connection-badge.js';
import { Controls } from './controls.js';
import { Doctor } from './doctor.js';
import { FeltGap } from './felt-gap.js';
import { TurnHistory } from './history.js';
import { LeverEffectsView } from './lever-effects-view.js';
import { Levers } from './levers.js';
import { Notices } from './notices.js';
import { OwnerLegend } from './owners.js';
import { HelloLedger, ToolLedger } from './silences-view.js';
import { TranscriptView } from './transcript.js';
import { TurnFacts } from './turn-details.js';
import { WaterfallView } from './waterfall.js';

function useStudioState(studio: StudioController): StudioState {
  const [state, setState] = useState(studio.store.state);
  useEffect(() => {
    setState(studio.store.state);
    return studio.store.subscribe(() => setState(studio.store.state));
  }, [studio]);
  return state;
}

function LastTurn({ state }: { state: StudioState }) {
  const last = currentTurn(state);
  return (
    <section class="panel ledger" aria-labelledby="ledger-title">
      <h2 id="ledger-title" class="eyebrow">
        Latency breakdown{last ? `, turn ${last.record.turn}` : ''}
      </h2>
      {last ? (
        <>
          <WaterfallView record={last.record} />
          <ToolLedger record={last.record} />
          <LeverEffectsView record={last.record} />
          <TurnFacts record={last.record} />
        </>
      ) : (
        <p class="muted">
          Each segment of the felt gap is shown as a bar with its owner: what you can change to shorten it.
        </p>
      )}
      <HelloLedger state={state} isOpen={last === undefined} />
      <OwnerLegend />
    </section>
  );
}

/** The whole page. */
export function App({ studio }: { studio: StudioController }) {
  const state = useStudioState(studio);
  return (
    <>
      <header class="top">
        <h1>
          <img src="./favicon.svg" width="28" height="28" alt="" /> Firstword{' '}
          <span class="muted">studio</span>
        </h1>
        <ConnectionBadge status={state.connection} onRetry={() => studio.reconnect()} />
      </header>
      <main>
        <Notices
          notices={state.notices}
          onDismiss={(code) => studio.store.dispatch({ type: 'dismiss', code })}
        />
        <FeltGap state={state} />
        <div class="side">
          <Controls studio={studio} state={state} />
          <Levers studio={studio} state={state} />
          <TranscriptView transcript={state.transcript} />
        </div>
        <Comparison state={state} />
        <LastTurn state={state} />
        <Doctor state={state} />
        <TurnHistory state={state} />
      </main>
      <footer class="foot muted">
        {state.server && (
          <>
            Firstword {state.server.version}. Turn records: <code>{state.server.recordsDir}</code>
          </>
        )}
      </footer>
    </>
  );
}
