/** Turn records in files, and temporary folders. The only part of this package that touches the disk. */
export { temporaryDir } from './temporary-dir.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './turn-store.js';
