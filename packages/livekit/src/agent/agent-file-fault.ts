/** What is wrong with an agent's file. */
export interface AgentFileFault {
  message: string;
  /** File and line. */
  place?: string | undefined;
  /** Node's code of the error. */
  code?: string | undefined;
}

/** `AgentFileFault.message` of a file without an agent as its default export. */
export const NO_AGENT = 'no agent';
