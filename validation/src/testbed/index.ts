export { openRoomTestbed, type RoomTestbed, type RoomTestbedOptions } from './room-testbed.js';
export { missingRequirement } from './server-binary.js';
export { NO_VALKEY, VALKEY, Valkey } from './valkey.js';
