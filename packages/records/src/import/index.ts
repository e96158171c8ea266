export { findInputs, type InputFile, isZlibError, readBytes, salvage } from '../engine/inputs.js';
export { ChatHistoryImport } from './chat-history.js';
export { convertExports } from './convert-exports.js';
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
export { chatItemsOfLogs, OtlpImport } from './otlp.js';
export { turnIdentity } from './turn-identity.js';
