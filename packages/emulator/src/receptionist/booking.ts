import { BUSINESS } from './business.js';
import { type Day, weekdayOf } from './nlu/date-time.js';
import type { Interpretation, Slot } from './nlu/interpret.js';
import { dayWords, numberWords, onDayWords, partyWords, timeWords } from './phrases/spoken-words.js';

/** A booking, as far as the caller has specified it. */
export interface Booking {
  party?: number | undefined;
  day?: Day | undefined;
  timeMinutes?: number | undefined;
  name?: string | undefined;
}

const ORDER: Slot[] = ['party', 'day', 'time', 'name'];

/** The slots that are still missing, in the order of asking. */
export function missingSlots(booking: Booking, needsName: boolean): Slot[] {
  const known: Record<Slot, boolean> = {
    party: booking.party !== undefined,
    day: booking.day !== undefined,
    time: booking.timeMinutes !== undefined,
    name: booking.name !== undefined || !needsName,
  };
  return ORDER.filter((slot) => !known[slot]);
}

/** The booking with the values of a new utterance, which replace earlier ones. */
export function mergeBooking(booking: Booking, utterance: Interpretation): Booking {
  return {
    party: utterance.party ?? booking.party,
    day: utterance.day ?? booking.day,
    timeMinutes: utterance.timeMinutes ?? booking.timeMinutes,
    name: utterance.name ?? booking.name,
  };
}

/** The number of booking slots that an utterance fills. */
export function countSlots(utterance: Interpretation): number {
  return [utterance.party, utterance.day, utterance.timeMinutes, utterance.name].filter(
    (slot) => slot !== undefined,
  ).length;
}

/** Removes from a booking what the restaurant cannot offer; `objection` is what to say about it. */
export function validateBooking(
  booking: Booking,
  today: string,
): { booking: Booking; objection: string | undefined } {
  const { day, timeMinutes, party } = booking;
  if (party !== undefined && party > BUSINESS.largestParty) {
    const most = numberWords(BUSINESS.largestParty);
    return {
      booking: { ...booking, party: undefined },
      objection: `I'm afraid our largest table seats ${most}.`,
    };
  }
  const opening = BUSINESS.opening[day === undefined ? 0 : weekdayOf(day, today)];
  if (timeMinutes === undefined || !opening) return { booking, objection: undefined };
  if (timeMinutes >= opening.fromMinutes && timeMinutes <= opening.toMinutes - 60) {
    return { booking, objection: undefined };
  }
  const last = timeWords(opening.toMinutes - 60);
  return {
    booking: { ...booking, timeMinutes: undefined },
    objection: `I'm sorry, we seat guests from noon until ${last}${day ? ` ${onDayWords(day)}` : ''}.`,
  };
}

/** A booking in words: "a table for four people on Friday at seven thirty, under Maria". */
export function bookingWords(booking: Booking): string {
  const parts = ['a table'];
  if (booking.party !== undefined) parts.push(`for ${partyWords(booking.party)}`);
  if (booking.day !== undefined) parts.push(onDayWords(booking.day));
  if (booking.timeMinutes !== undefined) parts.push(`at ${timeWords(booking.timeMinutes)}`);
  return `${parts.join(' ')}${booking.name === undefined ? '' : `, under ${booking.name}`}`;
}

/** A short repetition of what the caller just said, so that the caller can correct it. */
export function repeatBack(utterance: Interpretation): string | undefined {
  const parts: string[] = [];
  if (utterance.party !== undefined) parts.push(partyWords(utterance.party));
  if (utterance.day !== undefined) parts.push(dayWords(utterance.day));
  if (utterance.timeMinutes !== undefined) parts.push(timeWords(utterance.timeMinutes));
  if (parts.length === 0) return undefined;
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
