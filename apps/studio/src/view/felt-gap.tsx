import { currentTurn, isCallEmulated } from '../state/selectors.js';
import type { DisplayedTurn, StudioState } from '../state/state.js';
import { hasFailed, msText } from './format.js';
import { leverSetName } from './lever-text.js';
import { Silences } from './silences-view.js';
import { TurnBadges } from './turn-details.js';

/** The sentence that a screen reader announces at the end of a turn. */
function spoken(turn: DisplayedTurn | undefined): string {
  if (!turn) return '';
  const { record } = turn;
  const emulated = record.llm?.emulated ? ', emulated' : '';
  return record.feltGapMs === undefined
    ? `Turn ${record.turn}: ${hasFailed(record) ? 'failed' : 'no felt gap'}, ${record.problem ?? 'unknown reason'}.`
    : `Turn ${record.turn}: felt gap ${msText(record.feltGapMs)} milliseconds${emulated}.`;
}

/** The caption of the large figure. */
function caption(record: DisplayedTurn['record']): string {
  const { feltGapMs, problem, bridge } = record;
  const what = hasFailed(record) ? 'Failed' : 'No felt gap';
  if (feltGapMs === undefined) return `${what}: ${problem ?? 'the record gives no reason'}.`;
  if (!bridge) return 'of silence between the caller’s last word and the agent’s first';
  return bridge.answerGapMs === undefined
    ? 'of silence until a filler phrase; no answer followed'
    : `of silence until a filler phrase; the answer itself began after ${msText(bridge.answerGapMs)} ms`;
}

function Figure({ label, ms }: { label: string; ms: number | undefined }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>{ms === undefined ? '–' : `${msText(ms)} ms`}</dd>
    </div>
  );
}

function CallSummary({ state }: { state: StudioState }) {
  const { summary, levers } = state;
  const emulated = summary.turns > 0 && isCallEmulated(state);
  const setting = summary.levers && levers && leverSetName(summary.levers, levers.firstword);
  return (
    <div class="running" data-testid="summary" data-levers={setting} data-turns={summary.turns}>
      <p class="figures-of">
        This call{setting && ` with ${setting}`}
        {emulated && <span class="badge badge-emulated">LLM emulated</span>}
      </p>
      <dl class="figures">
        <Figure label="p50" ms={summary.p50Ms} />
        <Figure label="p95" ms={summary.p95Ms} />
        <div class="figure">
          <dt>n</dt>
          <dd>
            {summary.turns} {summary.turns === 1 ? 'turn' : 'turns'}
          </dd>
        </div>
        {summary.failed ? (
          <div class="figure" data-testid="failed-turns">
            <dt>failed</dt>
            <dd>
              {summary.failed} {summary.failed === 1 ? 'turn' : 'turns'}
            </dd>
          </div>
        ) : null}
      </dl>
    </div>
  );
}

/** The panel with the felt gap of the current turn and the percentiles of the call. */
export function FeltGap({ state }: { state: StudioState }) {
  const last = currentTurn(state);
  const gapMs = last?.record.feltGapMs;
  return (
    <section class="panel gap" aria-labelledby="gap-title">
      <h2 id="gap-title" class="eyebrow">
        Felt gap{last ? `, turn ${last.record.turn}` : ''}
        {last && <TurnBadges turn={last} callId={state.call.callId} />}
      </h2>
      <p
        class="gap-figure"
        data-testid="felt-gap"
        data-ms={gapMs}
        data-turn={last?.record.turn}
        data-call={last?.record.callId}
        data-final={last?.final}
      >
        {gapMs === undefined ? <span class="gap-none">{last ? 'none' : '– – –'}</span> : msText(gapMs)}
        {gapMs !== undefined && <span class="gap-unit"> ms</span>}
      </p>
      <p class="gap-caption">
        {last ? caption(last.record) : 'The silence before each answer appears here.'}
      </p>
      <CallSummary state={state} />
      <Silences state={state} />
      <p class="visually-hidden" role="status">
        {spoken(state.turns.find((turn) => turn.final))}
      </p>
    </section>
  );
}
