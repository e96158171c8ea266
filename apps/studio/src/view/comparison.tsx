import type { TurnGroup } from '../protocol.js';
import type { StudioState } from '../state/state.js';
import { msText } from './format.js';
import { leverSetName } from './lever-text.js';

function Row({
  group,
  name,
  llm,
  longestMs,
}: {
  group: TurnGroup;
  name: string;
  llm: boolean;
  longestMs: number;
}) {
  const { p50Ms, p95Ms, turns, failed } = group;
  const widthOf = (ms: number | undefined) => `${((ms ?? 0) / longestMs) * 100}%`;
  return (
    <tr data-testid="group" data-name={name} data-turns={turns} data-p50={p50Ms}>
      <th scope="row">
        {name}
        {llm && <span class="group-llm">{group.llm}</span>}
      </th>
      <td class="group-bar" aria-hidden="true">
        <span class="group-track">
          <span class="group-p95" style={{ width: widthOf(p95Ms) }} />
          <span class="group-p50" style={{ width: widthOf(p50Ms) }} />
        </span>
      </td>
      <td class="number">{p50Ms === undefined ? '–' : msText(p50Ms)}</td>
      <td class="number">{p95Ms === undefined ? '–' : msText(p95Ms)}</td>
      <td class="number">{turns}</td>
      <td class="number" data-testid="group-failed">
        {failed}
      </td>
    </tr>
  );
}

/** Felt gaps by levers and LLM, to compare them. */
export function Comparison({ state }: { state: StudioState }) {
  const { groups, levers } = state;
  if (groups.length === 0 || !levers) return null;
  const longestMs = Math.max(1, ...groups.map((group) => group.p95Ms ?? 0));
  const severalLlms = new Set(groups.map((group) => group.llm)).size > 1;
  return (
    <section class="panel comparison" aria-labelledby="comparison-title" data-testid="comparison">
      <h2 id="comparison-title" class="eyebrow">
        Felt gap by levers
        {groups.some((group) => group.emulated) && <span class="badge badge-emulated">LLM emulated</span>}
      </h2>
      <table class="groups">
        <caption class="visually-hidden">Felt gap in ms over the calls since this page was opened</caption>
        <thead>
          <tr>
            <th scope="col">Levers</th>
            <td />
            <th scope="col" class="number">
              p50 <abbr title="milliseconds">ms</abbr>
            </th>
            <th scope="col" class="number">
              p95 <abbr title="milliseconds">ms</abbr>
            </th>
            <th scope="col" class="number">
              <abbr title="turns">n</abbr>
            </th>
            <th scope="col" class="number">
              failed
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const name = leverSetName(group.levers, levers.firstword);
            return (
              <Row
                key={`${name} ${group.llm}`}
                group={group}
                name={name}
                llm={severalLlms}
                longestMs={longestMs}
              />
            );
          })}
        </tbody>
      </table>
      <p class="axis-note">
        All turns of this page, whatever was asked. <code>firstword compare</code> compares the same calls.
      </p>
    </section>
  );
}
