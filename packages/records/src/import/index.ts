export { type ReadFilesOptions, readFiles } from './documents.js';
export { InputReader } from './input-reader.js';
export {
  findInputs,
  type InputFile,
  type InputOptions,
  type Inputs,
  isProse,
  type SkippedFile,
} from './inputs.js';
export {
  arrayAt,
  definedOnly,
  isObject,
  type JsonObject,
  MAX_DEPTH,
  MAX_DURATION_MS,
  MAX_WALL_MS,
  numberAt,
  objectAt,
  textAt,
  tryParseJson,
} from './json.js';
export { LINE_TOO_LONG, MAX_LINE_BYTES, type NumberedLine, unreadableReason } from './lines.js';
export { CONSOLE_LOG } from './livekit/log-turns.js';
export { callOf, timeOf } from './livekit/logged-metrics.js';
export { type LogicalLine, LogicalLines } from './logical-lines.js';
export { noTurnText, READABLE_INPUT } from './no-turns.js';
export { isOfOtherFramework } from './platforms/other-frameworks.js';
export type { ReadSink, ReadSummary } from './read-sink.js';
export { PROSE, type Refusal, type RefusedInput, refusedText } from './refused.js';
export { type BlockedSpan, type PlacedTurn, TraceImport } from './traces/trace-turns.js';
export { turnIdentity } from './turn-identity.js';
export { SOURCES_WITHOUT_ENDS } from './turn-sources.js';
