export { openRoomHouse, type RoomHouse, type RoomHouseOptions } from './room-house.js';
export { lacking } from './server-binary.js';
