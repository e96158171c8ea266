/** Messages between the agent's thread and the Smart Turn worker. */

/** Given to the worker when it starts. */
export interface SmartTurnSetup {
  modelFile: string;
}

/** Audio to judge: mono, 16 kHz. */
export interface SmartTurnRequest {
  id: number;
  audio: Int16Array;
}

/** Message from the worker. `unusable`: the model cannot be loaded, and the worker ends. */
export type SmartTurnReply =
  | { type: 'ready' }
  | { type: 'unusable'; message: string }
  | { type: 'predicted'; id: number; probability: number }
  | { type: 'failed'; id: number; reason: string };
