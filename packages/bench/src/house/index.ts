export { openRoomHouse, type RoomHouse } from './room-house.js';
export { lacking } from './server-binary.js';
