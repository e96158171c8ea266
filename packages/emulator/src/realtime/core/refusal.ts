/** Why a client's event was refused, in the provider's words. */
export class RealtimeRefusal extends Error {
  readonly code: string;
  readonly param: string | undefined;

  constructor(code: string, message: string, param?: string) {
    super(message);
    this.code = code;
    this.param = param;
  }
}
