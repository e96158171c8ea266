export {
  findInputs,
  type InputFile,
  type InputOptions,
  type Inputs,
  isZlibError,
  readBytes,
  type SkippedFile,
  salvage,
} from '../engine/inputs.js';
export { type ConvertExportsOptions, type ConvertedExports, convertExports } from './convert-exports.js';
export { DocumentLines, type ReadDocumentsOptions, readDocuments } from './documents.js';
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
export { ChatHistoryImport } from './livekit/chat-history.js';
export { CONSOLE_LOG, type LoggedTurn, LogTurns } from './livekit/log-turns.js';
export {
  callOf,
  type LoggedMetrics,
  type MetricsKind,
  metricsOfLog,
  timeOf,
} from './livekit/logged-metrics.js';
export { fieldOf, type TextLog, textLog } from './livekit/text-log.js';
export { type BlockedSpan, chatItemsOfLogs, OtlpImport, type PlacedTurn } from './traces/otlp.js';
export { turnIdentity } from './turn-identity.js';
