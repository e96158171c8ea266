/**
 * An agent with code of its own around the LLM: it looks up notes, works out free tables from its own rules, and books
 * tables with a tool. Code that only reads runs with the speculation; the tool runs once, after the caller's turn.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession, type Prepare } from '@firstword/livekit';
import { cli, defineAgent, inference, llm, ServerOptions, voice } from '@livekit/agents';
import { z } from 'zod';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in .env.local or in the environment.',
  );

const INSTRUCTIONS = `You are the receptionist of a restaurant, on the telephone. Answer in one or two short sentences.
Say only what you were told about the house and its tables, and book only what the caller has agreed to.`;

/** Facts about the restaurant. Your search index goes here. */
const NOTES = [
  'Vegan dishes: aubergine with tahini, lentil stew, orange cake.',
  'Parking: the garage in Mill Street, free after six for guests.',
  'Dogs are welcome on the terrace.',
];
/** The hours at which a table can be booked, and the seats at each. */
const HOURS = [18, 19, 20, 21];
const SEATS = 12;
const LARGEST_PARTY = 8;

/** The notes that share a word of four or more letters with the caller's words. */
export function search(words: string): string[] {
  const asked = new Set(words.toLowerCase().match(/\p{L}{4,}/gu));
  return NOTES.filter((note) =>
    note
      .toLowerCase()
      .match(/\p{L}{4,}/gu)
      ?.some((word) => asked.has(word)),
  );
}

interface Booking {
  hour: number;
  guests: number;
}

/** The tables of one evening. Your booking system goes here: every call runs in a process of its own. */
export class Tables {
  readonly bookings: Booking[] = [];

  free(hour: number): number {
    return this.bookings.reduce(
      (left, booking) => left - (booking.hour === hour ? booking.guests : 0),
      SEATS,
    );
  }

  /** @throws llm.ToolError with what the LLM should tell the caller */
  book(booking: Booking): void {
    const { hour, guests } = booking;
    if (guests > LARGEST_PARTY)
      throw new llm.ToolError(`Parties over ${LARGEST_PARTY} are for the manager, who calls back.`);
    if (!HOURS.includes(hour)) throw new llm.ToolError(`Tables begin at ${HOURS.join(', ')} o'clock.`);
    if (this.free(hour) < guests)
      throw new llm.ToolError(`Only ${this.free(hour)} seats are free at ${hour}.`);
    this.bookings.push(booking);
  }

  /** Free and booked seats, in words. */
  describe(): string {
    const free = HOURS.map((hour) => `${hour} o'clock ${this.free(hour)} seats`).join(', ');
    const booked = this.bookings.map(({ hour, guests }) => `${guests} at ${hour}`).join(', ');
    return `Free: ${free}. Booked in this call: ${booked || 'nothing'}.`;
  }
}

/**
 * Only reads: it runs while the caller still speaks, and again if the words change. Facts given in advance save the LLM a
 * tool call, and the caller a round trip.
 */
export function prepareFrom(tables: Tables): Prepare {
  return (chatCtx, newMessage) => {
    const notes = search(newMessage.textContent ?? '');
    chatCtx.addMessage({ role: 'system', content: [tables.describe(), ...notes].join('\n') });
  };
}

/** An agent whose tool books a table. Tools run once, after the caller's turn. */
export function receptionist(tables: Tables): voice.Agent {
  const book = llm.tool({
    description: 'Books a table for this evening.',
    parameters: z.object({
      hour: z.int().describe('24-hour clock'),
      guests: z.int().min(1),
    }),
    execute: async (booking) => {
      tables.book(booking);
      return tables.describe();
    },
  });
  return new voice.Agent({ instructions: INSTRUCTIONS, tools: { book } });
}

export default defineAgent({
  entry: async (ctx) => {
    const tables = new Tables();
    const session = new AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'en' }),
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini' }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      firstword: { prepare: prepareFrom(tables) },
    });
    await session.start({ agent: receptionist(tables), room: ctx.room });
    await ctx.connect();
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
