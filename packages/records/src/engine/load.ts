import { CALL_SCHEMA, MARKS, TURN_OUTCOMES, TURN_SCHEMA } from '@firstword/turn';
import { MAX_LINE_BYTES } from '../import/lines.js';
import { type QueryEngine, sqlText } from './engine.js';

/** A file of turn records for DuckDB to read. */
export interface TurnFile {
  path: string;
  gzip: boolean;
}

/** Durations that exports report, in the order in which they happen. */
export const REPORTED_DURATIONS = [
  'transcriptionDelayMs',
  'endOfTurnDelayMs',
  'userLogicMs',
  'replyReleasedMs',
  'llmTtftMs',
  'ttsTtfbMs',
  'playbackLatencyMs',
] as const;

/** The records of calls have another first mark, and the same last ones. */
const MARKS_TYPE = `STRUCT(${[...MARKS, 'callerArrived'].map((name) => `${name} DOUBLE`).join(', ')})`;
const NAMED = 'STRUCT(provider VARCHAR)';
const COLUMNS = {
  schema: 'VARCHAR',
  callId: 'VARCHAR',
  turn: 'INTEGER',
  at: 'VARCHAR',
  marks: MARKS_TYPE,
  problem: 'VARCHAR',
  outcome: 'VARCHAR',
  failure: 'STRUCT(part VARCHAR, code VARCHAR, status INTEGER)',
  bridge: 'STRUCT(answerGapMs DOUBLE)',
  interrupted: 'BOOLEAN',
  bargeIn: 'BOOLEAN',
  repaired: 'STRUCT(part VARCHAR)',
  toolCalls: 'INTEGER',
  toolSilence: 'STRUCT(longestMs DOUBLE)',
  interruptions: 'STRUCT(callerFromMs DOUBLE, stoppedMs DOUBLE, isFalse BOOLEAN)[]',
  greeting: 'VARCHAR',
  llm: 'STRUCT(provider VARCHAR, model VARCHAR, emulated BOOLEAN, region VARCHAR, connection STRUCT(state VARCHAR))',
  stt: NAMED,
  tts: NAMED,
  levers: 'MAP(VARCHAR, BOOLEAN)',
  settings: 'STRUCT("endpointing.bound" VARCHAR, "turnDetection.bound" VARCHAR)',
  imported: `STRUCT("from" VARCHAR, e2eMs DOUBLE, ${REPORTED_DURATIONS.map((name) => `${name} DOUBLE`).join(', ')})`,
};
/** What `OUTCOME` and `HAS_ANSWER` read. */
const OUTCOME_COLUMNS = {
  outcome: COLUMNS.outcome,
  marks: 'STRUCT(llmRequested DOUBLE, firstDelta DOUBLE, firstContent DOUBLE, contentAfterTools DOUBLE)',
  bridge: COLUMNS.bridge,
  interrupted: COLUMNS.interrupted,
  repaired: COLUMNS.repaired,
  toolCalls: COLUMNS.toolCalls,
  llm: NAMED,
  imported: 'STRUCT("from" VARCHAR)',
};
const SEGMENT_COLUMNS = {
  schema: 'VARCHAR',
  callId: 'VARCHAR',
  turn: 'INTEGER',
  at: 'VARCHAR',
  ...OUTCOME_COLUMNS,
  segments:
    'STRUCT(name VARCHAR, owner STRUCT(kind VARCHAR, name VARCHAR), durationMs DOUBLE, gainMs DOUBLE)[]',
};

function reader(files: readonly TurnFile[], columns: Record<string, string>): string {
  const list = files.map((file) => sqlText(file.path)).join(', ');
  const types = Object.entries(columns).map(([name, type]) => `"${name}": ${sqlText(type)}`);
  const compression = files[0]!.gzip ? 'gzip' : 'uncompressed';
  return `read_json([${list}], format = 'newline_delimited', compression = '${compression}', columns = {${types.join(', ')}},
    ignore_errors = true, maximum_object_size = ${MAX_LINE_BYTES})`;
}

/** One reader per compression, as a list of what to read with the number of its first file. */
function groups(files: readonly TurnFile[]): { files: TurnFile[]; firstIndex: number }[] {
  const plain = files.filter((file) => !file.gzip);
  const packed = files.filter((file) => file.gzip);
  return [
    { files: plain, firstIndex: 0 },
    { files: packed, firstIndex: plain.length },
  ].filter((group) => group.files.length > 0);
}

/** The order in which `file` numbers the rows: the plain files first. */
export function fileOrder<File extends TurnFile>(files: readonly File[]): File[] {
  return [...files.filter((file) => !file.gzip), ...files.filter((file) => file.gzip)];
}

/** Names of the levers that were on; `none` where all were off, NULL where the record does not say. */
const LEVERS = `CASE WHEN levers IS NULL THEN NULL ELSE coalesce(nullif(array_to_string(list_sort(list_transform(
    list_filter(map_entries(levers), lambda e: e.value), lambda e: e.key)), ' + '), ''), 'none') END`;

/** `outcomeOf` of @firstword/turn in SQL; NULL where the outcome is not reported. */
const OUTCOME = `CASE
    WHEN outcome IN (${TURN_OUTCOMES.map((name) => `'${name}'`).join(', ')}) THEN outcome
    WHEN llm IS NOT NULL AND marks.llmRequested IS NOT NULL AND imported IS NULL AND bridge IS NULL AND toolCalls = 0
      AND coalesce(marks.firstContent, marks.contentAfterTools, marks.firstDelta) IS NULL AND NOT interrupted THEN 'failed'
    WHEN interrupted THEN 'interrupted' END`;

/** Whether the turn may have a gap: of an interrupted one, more than its filler was heard, and it is not the half of a turn. */
const HAS_ANSWER = `repaired.part IS DISTINCT FROM 'half' AND CASE coalesce(${OUTCOME}, 'answered') WHEN 'answered' THEN true
    WHEN 'interrupted' THEN bridge IS NULL OR bridge.answerGapMs IS NOT NULL ELSE false END`;

/** Computed from the marks, not from the stored gap: a time before the caller had finished is not a gap. */
const since = (mark: string) =>
  `CASE WHEN ${mark} >= marks.speechEnded AND (${HAS_ANSWER}) THEN round(${mark} - marks.speechEnded, 3) END`;

const PROBLEM = `coalesce(problem, CASE
    WHEN marks.speechEnded IS NULL THEN 'the end of the caller’s speech was not seen'
    WHEN coalesce(marks.callerHeard, marks.firstAudible) IS NULL THEN 'no audible answer was seen'
    ELSE 'the agent was heard before the caller had finished' END)`;

const IS_TURN = `schema IS NOT DISTINCT FROM '${TURN_SCHEMA}' AND length(callId) > 0 AND turn >= 1
    AND try_cast("at" AS TIMESTAMP) IS NOT NULL AND interrupted IS NOT NULL AND bargeIn IS NOT NULL AND toolCalls >= 0`;

const IS_CALL = `schema IS NOT DISTINCT FROM '${CALL_SCHEMA}' AND length(callId) > 0 AND try_cast("at" AS TIMESTAMP) IS NOT NULL`;

/** From the caller's arrival to the first audible sample; the agent may have been heard before it. */
const HELLO = `CASE WHEN coalesce(marks.callerHeard, marks.firstAudible) >= marks.callerArrived
    THEN round(coalesce(marks.callerHeard, marks.firstAudible) - marks.callerArrived, 3) END`;

const select = (group: { files: TurnFile[]; firstIndex: number }) => `
  SELECT (file_index + ${group.firstIndex})::INTEGER AS file, coalesce(${IS_TURN}, false) AS isTurn,
    coalesce(${IS_CALL}, false) AS isCall, ${HELLO} AS helloMs, greeting, toolSilence.longestMs AS toolMs, interruptions,
    callId, turn, try_cast("at" AS TIMESTAMP) AS stoppedAt, marks,
    ${since('coalesce(marks.callerHeard, marks.firstAudible)')} AS gapMs,
    CASE WHEN imported IS NOT NULL THEN coalesce(${since('marks.framePublished')}, CASE WHEN ${HAS_ANSWER} THEN imported.e2eMs END)
      END AS frameMs,
    CASE WHEN gapMs IS NULL THEN ${PROBLEM} END AS problem, ${OUTCOME} AS outcome,
    failure.part AS failedPart, failure.code AS failureCode, failure.status AS failureStatus,
    interrupted, bargeIn, toolCalls, llm.provider AS provider, llm.model AS model, llm.emulated AS emulated,
    llm.region AS region, llm.connection.state AS connection, stt.provider AS stt, tts.provider AS tts,
    ${LEVERS} AS levers, settings."endpointing.bound" AS bound,
    settings."turnDetection.bound" AS detectionBound, imported
  FROM ${reader(group.files, COLUMNS)}`;

/** Result of reading turn files into the table `turns`. */
export interface LoadedTurns {
  /** Lines that are not turns, by the number of their file in `fileOrder`. */
  badLines: Map<number, number>;
  /** Turns that were found more than once; each counts once. */
  duplicates: number;
}

/** Reads the files into the table `turns`. */
export async function loadTurns(
  engine: QueryEngine,
  files: readonly TurnFile[],
  onProgress?: (done: number) => void,
): Promise<LoadedTurns> {
  const sources = groups(files).map(select);
  if (sources.length === 0) throw new Error('no files');
  await engine.run(`CREATE TABLE turns AS ${sources.join(' UNION ALL ')}`, { onProgress });
  const bad = await engine.rows<{ file: number; lines: number }>(
    'SELECT file, count(*)::DOUBLE AS lines FROM turns WHERE NOT isTurn AND NOT isCall GROUP BY file',
  );
  await loadCalls(engine);
  await engine.run('DELETE FROM turns WHERE NOT isTurn');
  return {
    badLines: new Map(bad.map(({ file, lines }) => [file, lines])),
    duplicates: await dropDuplicates(engine),
  };
}

/** The table `calls`, a row a call: a call whose greeting was also reported by the caller's side has a second record. */
async function loadCalls(engine: QueryEngine): Promise<void> {
  await engine.run(`CREATE TABLE calls AS SELECT callId, stoppedAt AS arrivedAt, helloMs, problem, greeting FROM turns WHERE isCall
    QUALIFY row_number() OVER (PARTITION BY callId ORDER BY marks.callerHeard IS NULL, rowid DESC) = 1`);
}

/** Turns with the same call, number and time are duplicates, in whichever files they are. */
async function dropDuplicates(engine: QueryEngine): Promise<number> {
  await engine.run(`CREATE TEMP TABLE again AS SELECT callId, turn, stoppedAt, min(rowid) AS kept, count(*) - 1 AS extra
    FROM turns GROUP BY ALL HAVING count(*) > 1`);
  const [found] = await engine.rows<{ extra: number }>(
    'SELECT coalesce(sum(extra), 0)::DOUBLE AS extra FROM again',
  );
  const duplicates = found!.extra;
  if (duplicates > 0) {
    await engine.run(`DELETE FROM turns USING again WHERE turns.callId = again.callId AND turns.turn = again.turn
      AND turns.stoppedAt = again.stoppedAt AND turns.rowid <> again.kept`);
  }
  return duplicates;
}

/**
 * Adds up the segments of all turns into the table `segments`, a row a segment and owner. They are read again
 * rather than kept, because they are most of a record.
 */
export async function loadSegments(
  engine: QueryEngine,
  files: readonly TurnFile[],
  options: { hasDuplicates: boolean; onProgress?: (done: number) => void },
): Promise<void> {
  const { hasDuplicates, onProgress } = options;
  const columns = hasDuplicates ? 'callId, turn, "at", segments' : 'segments';
  const sources = groups(files).map(
    (group) =>
      `SELECT ${columns} FROM ${reader(group.files, SEGMENT_COLUMNS)} WHERE schema = '${TURN_SCHEMA}' AND (${HAS_ANSWER})`,
  );
  const all = `(${sources.join(' UNION ALL ')})`;
  const once = hasDuplicates ? `(SELECT DISTINCT ON (callId, turn, "at") segments FROM ${all})` : all;
  await engine.run(
    `CREATE TABLE segments AS
      SELECT s.name AS name, s.owner.kind AS kind, s.owner.name AS owner, count(*)::DOUBLE AS turns,
        sum(s.durationMs) AS totalMs, quantile_cont(s.durationMs, 0.5) AS p50Ms, quantile_cont(s.durationMs, 0.95) AS p95Ms,
        count(s.gainMs)::DOUBLE AS gainTurns, quantile_cont(s.gainMs, 0.5) AS gainP50Ms, quantile_cont(s.gainMs, 0.95) AS gainP95Ms
      FROM (SELECT unnest(segments) AS s FROM ${once}) GROUP BY ALL`,
    { onProgress },
  );
}

/** Adds up the segments of times to hello and of tool silences, as `loadSegments` does those of turns. */
export async function loadSilenceSegments(engine: QueryEngine, files: readonly TurnFile[]): Promise<void> {
  const segment = 'STRUCT(name VARCHAR, owner STRUCT(kind VARCHAR, name VARCHAR), durationMs DOUBLE)[]';
  const columns = {
    schema: 'VARCHAR',
    callId: 'VARCHAR',
    segments: segment,
    toolSilence: `STRUCT(segments ${segment})`,
  };
  const sources = groups(files).map(
    (group) => `SELECT callId, CASE schema WHEN '${CALL_SCHEMA}' THEN 'hello' ELSE 'tool' END AS silence,
      CASE schema WHEN '${CALL_SCHEMA}' THEN segments ELSE toolSilence.segments END AS segments
      FROM ${reader(group.files, columns)} WHERE schema = '${CALL_SCHEMA}' OR (schema = '${TURN_SCHEMA}' AND toolSilence IS NOT NULL)`,
  );
  await engine.run(
    `CREATE TABLE silenceSegments AS
      SELECT silence, s.name AS name, s.owner.kind AS kind, s.owner.name AS owner, count(*)::DOUBLE AS turns,
        sum(s.durationMs) AS totalMs, quantile_cont(s.durationMs, 0.5) AS p50Ms, quantile_cont(s.durationMs, 0.95) AS p95Ms
      FROM (SELECT silence, unnest(segments) AS s FROM (${sources.join(' UNION ALL ')})) GROUP BY ALL`,
  );
}
