/** Turn records in files, and temporary folders. The only part of this package that touches the disk. */
export { openTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './turn-store.js';
