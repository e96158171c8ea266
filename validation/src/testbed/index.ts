export { openRoomTestbed, type RoomTestbed, type RoomTestbedOptions } from './room-testbed.js';
export { missingRequirement } from './server-binary.js';
