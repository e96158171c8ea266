/** Writes turn records to a file. The only part of this package that touches the disk. */
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './turn-store.js';
