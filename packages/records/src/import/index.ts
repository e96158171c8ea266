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
export { ChatHistoryImport } from './chat-history.js';
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
export { chatItemsOfLogs, OtlpImport, type PlacedTurn } from './otlp.js';
export { turnIdentity } from './turn-identity.js';
