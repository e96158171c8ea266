import { BUSINESS } from './business.js';
import type { Heard, Slot } from './hear/hear.js';
import { type Day, weekdayOf } from './hear/when.js';
import { dayWords, numberWords, onDayWords, partyWords, timeWords } from './say/spoken.js';

/** A booking as far as the caller has told it. */
export interface Booking {
  party?: number | undefined;
  day?: Day | undefined;
  timeMinutes?: number | undefined;
  name?: string | undefined;
}

const ORDER: Slot[] = ['party', 'day', 'time', 'name'];

/** The slots still to be asked for, in order. */
export function missingSlots(booking: Booking, needsName: boolean): Slot[] {
  const known: Record<Slot, boolean> = {
    party: booking.party !== undefined,
    day: booking.day !== undefined,
    time: booking.timeMinutes !== undefined,
    name: booking.name !== undefined || !needsName,
  };
  return ORDER.filter((slot) => !known[slot]);
}

/** The booking with what was just heard; later words win. */
export function withHeard(booking: Booking, heard: Heard): Booking {
  return {
    party: heard.party ?? booking.party,
    day: heard.day ?? booking.day,
    timeMinutes: heard.timeMinutes ?? booking.timeMinutes,
    name: heard.name ?? booking.name,
  };
}

/** Did the utterance say anything that belongs in a booking? */
export function slotsIn(heard: Heard): number {
  return [heard.party, heard.day, heard.timeMinutes, heard.name].filter((slot) => slot !== undefined).length;
}

/** Takes out of a booking what the house cannot do, and says so. */
export function checked(
  booking: Booking,
  today: string,
): { booking: Booking; complaint: string | undefined } {
  const { day, timeMinutes, party } = booking;
  if (party !== undefined && party > BUSINESS.largestParty) {
    const most = numberWords(BUSINESS.largestParty);
    return {
      booking: { ...booking, party: undefined },
      complaint: `I'm afraid our largest table seats ${most}.`,
    };
  }
  const opening = BUSINESS.opening[day === undefined ? 0 : weekdayOf(day, today)];
  if (timeMinutes === undefined || !opening) return { booking, complaint: undefined };
  if (timeMinutes >= opening.fromMinutes && timeMinutes <= opening.toMinutes - 60) {
    return { booking, complaint: undefined };
  }
  const last = timeWords(opening.toMinutes - 60);
  return {
    booking: { ...booking, timeMinutes: undefined },
    complaint: `I'm sorry, we seat guests from noon until ${last}${day ? ` ${onDayWords(day)}` : ''}.`,
  };
}

/** What is known of a booking, in words: "a table for four people on Friday at seven thirty, under Maria". */
export function bookingWords(booking: Booking): string {
  const parts = ['a table'];
  if (booking.party !== undefined) parts.push(`for ${partyWords(booking.party)}`);
  if (booking.day !== undefined) parts.push(onDayWords(booking.day));
  if (booking.timeMinutes !== undefined) parts.push(`at ${timeWords(booking.timeMinutes)}`);
  return `${parts.join(' ')}${booking.name === undefined ? '' : `, under ${booking.name}`}`;
}

/** A short echo of what was just heard, so that the caller can correct it. */
export function echo(heard: Heard): string | undefined {
  const parts: string[] = [];
  if (heard.party !== undefined) parts.push(partyWords(heard.party));
  if (heard.day !== undefined) parts.push(dayWords(heard.day));
  if (heard.timeMinutes !== undefined) parts.push(timeWords(heard.timeMinutes));
  if (parts.length === 0) return undefined;
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
