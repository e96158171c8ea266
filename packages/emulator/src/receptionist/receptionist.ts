import { hash32 } from '@firstword/turn/statistics';
import type { Answer, ChatMessage, ToolCall, ToolChoice, ToolOffer } from '../chat/chat.js';
import { type Conversation, type HouseRules, START, type Turn, takeTurn } from './conversation.js';
import { LINES, QUESTIONS } from './say/lines.js';
import { bookingTool, fillArguments, isBookingTool, readResult, toolsSpokenOf, wantsName } from './tools.js';

/** Everything the receptionist looks at. */
export interface ReceptionistInput {
  messages: readonly ChatMessage[];
  tools: readonly ToolOffer[];
  toolChoice: ToolChoice;
  parallelTools: boolean;
  /** The date that "tomorrow" is counted from, `YYYY-MM-DD`. */
  today: string;
  /** Chooses among wordings. */
  seed: number;
}

interface Recovered {
  state: Conversation;
  /** The last caller's turn, if the caller spoke last. */
  turn: Turn | undefined;
  utterance: string;
}

/** The receptionist's answer to a history. Pure: no memory, no clock, and randomness only by seed. */
export function answerAsReceptionist(input: ReceptionistInput): Answer {
  const rules = rulesFor(input);
  const recovered = recover(input, rules);
  const results = trailingResults(input.messages);
  if (results.length > 0) return { text: afterTools(input, recovered, results, rules), toolCalls: [] };

  const wanted = toolsToCall(input, recovered);
  const toolCalls = wanted.map((tool, index) => call(tool, input, recovered, index));
  const text = toolCalls.length > 0 ? '' : (recovered.turn?.say ?? rules.pick(LINES.greeting, 0));
  return { text, toolCalls };
}

function rulesFor({ seed, today, tools, toolChoice }: ReceptionistInput): HouseRules {
  const tool = toolChoice === 'none' ? undefined : bookingTool(tools);
  return {
    today,
    needsName: tool === undefined || wantsName(tool),
    booksByTool: tool !== undefined,
    pick: (lines, turn) => lines[hash32(`${seed}:${turn}:${lines[0]}`) % lines.length] ?? '',
  };
}

/** Walks the history again from its beginning: what the caller said, and what tools answered. */
function recover(input: ReceptionistInput, rules: HouseRules): Recovered {
  let state = START;
  let turn: Turn | undefined;
  let utterance = '';
  for (const message of input.messages) {
    if (message.role === 'user') {
      utterance = message.text;
      turn = takeTurn(state, utterance, rules);
      state = turn.next;
    } else if (message.role === 'tool' && answersBooking(message, input.messages)) {
      if (!readResult(message.text).ok) state = tableTaken(state);
    } else if (message.role === 'assistant' && message.toolCalls.length === 0) {
      turn = undefined;
    }
  }
  return { state, turn, utterance };
}

function answersBooking(result: ChatMessage, messages: readonly ChatMessage[]): boolean {
  const answered = messages
    .flatMap((message) => message.toolCalls)
    .find((candidate) => candidate.id === result.toolCallId);
  return answered === undefined || isBookingTool({ name: answered.name, description: '', parameters: {} });
}

/** The book said no: everything stands but the time. */
function tableTaken(state: Conversation): Conversation {
  return {
    ...state,
    stage: 'asking',
    expected: 'time',
    booking: { ...state.booking, timeMinutes: undefined },
  };
}

/** The tool results that the history ends with: those nobody has put in words yet. */
function trailingResults(messages: readonly ChatMessage[]): ChatMessage[] {
  const last = messages.findLastIndex((message) => message.role !== 'tool');
  return messages.slice(last + 1);
}

function toolsToCall(input: ReceptionistInput, { turn, utterance }: Recovered): ToolOffer[] {
  const { tools, toolChoice, parallelTools } = input;
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') return tools.filter((tool) => tool.name === toolChoice.name);
  const spokenOf = toolsSpokenOf(tools, utterance);
  const booking = turn?.wants === 'book' ? bookingTool(tools) : undefined;
  const wanted = turn === undefined ? [] : [...(booking ? [booking] : []), ...spokenOf];
  if (toolChoice === 'required' && wanted.length === 0) {
    const tool = bookingTool(tools) ?? tools[0];
    return tool ? [tool] : [];
  }
  return parallelTools ? wanted : wanted.slice(0, 1);
}

function call(tool: ToolOffer, input: ReceptionistInput, recovered: Recovered, index: number): ToolCall {
  const known = { booking: recovered.state.booking, today: input.today, utterance: recovered.utterance };
  const json = JSON.stringify(fillArguments(tool.parameters, known));
  const id = hash32(`${tool.name}${json}${input.messages.length}:${index}`).toString(36);
  return { id: `call_emulated_${id}`, name: tool.name, arguments: json };
}

/** The sentence after a tool has answered. */
function afterTools(
  input: ReceptionistInput,
  { state }: Recovered,
  results: ChatMessage[],
  rules: HouseRules,
): string {
  const said = results.map((result) => {
    const { ok, detail } = readResult(result.text);
    if (!answersBooking(result, input.messages))
      return ok ? (detail ?? 'I looked that up for you.') : "I'm sorry, I couldn't find that out.";
    if (ok) return [state.lastSaid.replace(/[^.!?]*\?$/, '').trim(), detail].filter(Boolean).join(' ');
    return `I'm sorry, ${detail ? lowerFirst(detail) : 'that time is taken.'} ${rules.pick(QUESTIONS.time, state.turns)}`;
  });
  return said.filter((s) => s !== '').join(' ') || rules.pick(LINES.anythingElse, state.turns);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
