import type { TurnRecord } from '@firstword/turn';
import type { DisplayedTurn } from '../state/state.js';
import { factsOf } from './format.js';

/** Badges that qualify a turn's figures. `callId` is the id of the current call. */
export function TurnBadges({ turn, callId }: { turn: DisplayedTurn; callId: string | undefined }) {
  const { record, final } = turn;
  return (
    <span class="badges">
      {record.llm?.emulated && (
        <span
          class="badge badge-emulated"
          title="The LLM was emulated: its latency was drawn from published figures"
        >
          emulated
        </span>
      )}
      {record.interrupted && <span class="badge">interrupted</span>}
      {record.bargeIn && <span class="badge">barge-in</span>}
      {!final && <span class="badge">{record.callId === callId ? 'answering …' : 'not finished'}</span>}
    </span>
  );
}

/** Models, tokens and other facts about a turn. */
export function TurnFacts({ record }: { record: TurnRecord }) {
  const facts = factsOf(record);
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
