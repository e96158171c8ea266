import type { Owner } from '@firstword/turn';
import type { QueryEngine } from '../engine/engine.js';
import { countOf, percentilesOf, type TurnFilter } from './percentiles.js';
import type { SilenceFigures, SilenceName, SilencePart, TurnReport } from './turn-report.js';

interface PartRow {
  name: string;
  kind: Owner['kind'];
  owner: string | null;
  turns: number;
  totalMs: number;
  p50Ms: number;
  p95Ms: number;
}

/** What is measured of each silence, and among what. */
const MEASURES: Record<SilenceName, { measure: string; where: TurnFilter }> = {
  hello: { measure: 'helloMs', where: { table: 'calls', sql: 'true' } },
  tool: { measure: 'toolMs', where: { sql: 'toolCalls > 0' } },
  bargeIn: {
    measure: 'i.stoppedMs - i.callerFromMs',
    where: {
      table: '(SELECT unnest(interruptions) AS i FROM turns)',
      sql: 'i.isFalse IS DISTINCT FROM true',
    },
  },
  afterBargeIn: { measure: 'gapMs', where: { sql: 'bargeIn' } },
};

async function partsOf(engine: QueryEngine, name: SilenceName): Promise<SilencePart[]> {
  const rows = await engine.rows<PartRow>(
    `SELECT name, kind, owner, turns, totalMs, p50Ms, p95Ms FROM silenceSegments WHERE silence = '${name}' ORDER BY totalMs DESC`,
  );
  const allMs = rows.reduce((sum, { totalMs }) => sum + totalMs, 0);
  return rows.map(({ kind, owner, ...row }) => ({
    ...row,
    owner: (owner === null ? { kind } : { kind, name: owner }) as Owner,
    share: allMs > 0 ? row.totalMs / allMs : 0,
  }));
}

async function problemsOf(engine: QueryEngine, name: SilenceName): Promise<SilenceFigures['problems']> {
  if (name !== 'hello') return [];
  return engine.rows(
    `SELECT coalesce(problem, 'not reported') AS problem, count(*)::DOUBLE AS count FROM calls WHERE helloMs IS NULL
      GROUP BY 1 ORDER BY 2 DESC LIMIT 5`,
  );
}

/** The silences besides the felt gap, over the tables that `loadTurns` and `loadSilenceSegments` made. */
export async function querySilences(engine: QueryEngine, seed: number): Promise<TurnReport['silences']> {
  const silences: TurnReport['silences'] = {};
  for (const [name, { measure, where }] of Object.entries(MEASURES) as [
    SilenceName,
    (typeof MEASURES)[SilenceName],
  ][]) {
    const of = await countOf(engine, '*', where);
    if (of === 0) continue;
    const count = await countOf(engine, measure, where);
    const gap = await percentilesOf(engine, { measure, count, where, seed });
    const parts = await partsOf(engine, name);
    silences[name] = { of, gap, parts, problems: await problemsOf(engine, name) };
  }
  return silences;
}
