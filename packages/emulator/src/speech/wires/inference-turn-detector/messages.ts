import { Duration, proto3, ScalarType, Timestamp } from '@bufbuild/protobuf';

// The messages of livekit_agent_inference.proto (package livekit.agent) that the turn detector uses, with the field
// numbers of @livekit/protocol 1.52.1. Reading skips fields that are not listed.

const { BYTES, FLOAT, STRING, UINT32 } = ScalarType;

const SessionSettings = proto3.makeMessageType('livekit.agent.SessionSettings', () => [
  { no: 1, name: 'sample_rate', kind: 'scalar', T: UINT32 },
]);

const SessionCreate = proto3.makeMessageType('livekit.agent.SessionCreate', () => [
  { no: 1, name: 'settings', kind: 'message', T: SessionSettings },
]);

const InputAudio = proto3.makeMessageType('livekit.agent.InputAudio', () => [
  { no: 1, name: 'audio', kind: 'scalar', T: BYTES },
  { no: 2, name: 'created_at', kind: 'message', T: Timestamp },
]);

const Empty = proto3.makeMessageType('livekit.agent.SessionFlush', []);

const InferenceStart = proto3.makeMessageType('livekit.agent.InferenceStart', () => [
  { no: 1, name: 'request_id', kind: 'scalar', T: STRING },
]);

const ClientMessage = proto3.makeMessageType('livekit.agent.ClientMessage', () => [
  { no: 1, name: 'created_at', kind: 'message', T: Timestamp },
  { no: 2, name: 'session_create', kind: 'message', T: SessionCreate, oneof: 'message' },
  { no: 3, name: 'input_audio', kind: 'message', T: InputAudio, oneof: 'message' },
  { no: 4, name: 'session_flush', kind: 'message', T: Empty, oneof: 'message' },
  { no: 5, name: 'session_close', kind: 'message', T: Empty, oneof: 'message' },
  { no: 6, name: 'inference_start', kind: 'message', T: InferenceStart, oneof: 'message' },
]);

const SessionCreated = proto3.makeMessageType('livekit.agent.SessionCreated', () => [
  { no: 1, name: 'default_thresholds', kind: 'map', K: STRING, V: { kind: 'scalar', T: FLOAT } },
  { no: 2, name: 'default_threshold', kind: 'scalar', T: FLOAT },
]);

const InferenceStats = proto3.makeMessageType('livekit.agent.InferenceStats', () => [
  { no: 2, name: 'latest_client_created_at', kind: 'message', T: Timestamp, opt: true },
  { no: 4, name: 'server_e2e_latency', kind: 'message', T: Duration },
]);

const EotPrediction = proto3.makeMessageType('livekit.agent.EotPrediction', () => [
  { no: 1, name: 'probability', kind: 'scalar', T: FLOAT },
  { no: 2, name: 'inference_stats', kind: 'message', T: InferenceStats },
]);

const ServerMessage = proto3.makeMessageType('livekit.agent.ServerMessage', () => [
  { no: 2, name: 'request_id', kind: 'scalar', T: STRING, opt: true },
  { no: 3, name: 'client_created_at', kind: 'message', T: Timestamp, opt: true },
  { no: 4, name: 'session_created', kind: 'message', T: SessionCreated, oneof: 'message' },
  { no: 7, name: 'session_closed', kind: 'message', T: Empty, oneof: 'message' },
  { no: 9, name: 'eot_prediction', kind: 'message', T: EotPrediction, oneof: 'message' },
]);

/** A client's message. */
export type ClientRequest =
  | { kind: 'create'; rateHz: number; createdAt: Timestamp | undefined }
  | { kind: 'audio'; bytes: Uint8Array; createdAt: Timestamp | undefined }
  | { kind: 'predict'; requestId: string }
  | { kind: 'flush' | 'close' | 'unknown' };

/** Reads a client's message. @throws Error for bytes that are none */
export function readRequest(bytes: Uint8Array): ClientRequest {
  const message = ClientMessage.fromBinary(bytes) as unknown as {
    createdAt?: Timestamp;
    message:
      | { case: 'sessionCreate'; value: { settings?: { sampleRate: number } } }
      | { case: 'inputAudio'; value: { audio: Uint8Array; createdAt?: Timestamp } }
      | { case: 'sessionFlush' | 'sessionClose' | undefined; value?: object }
      | { case: 'inferenceStart'; value: { requestId: string } };
  };
  const { message: body, createdAt } = message;
  switch (body.case) {
    case 'sessionCreate':
      return { kind: 'create', rateHz: body.value.settings?.sampleRate ?? 16_000, createdAt };
    case 'inputAudio':
      return { kind: 'audio', bytes: body.value.audio, createdAt: body.value.createdAt };
    case 'inferenceStart':
      return { kind: 'predict', requestId: body.value.requestId };
    case 'sessionFlush':
      return { kind: 'flush' };
    case 'sessionClose':
      return { kind: 'close' };
    default:
      return { kind: 'unknown' };
  }
}

/** The first answer: the thresholds that the client uses unless its user has set others. */
export function sessionCreated(threshold: number, clientCreatedAt: Timestamp | undefined): Uint8Array {
  return new ServerMessage({
    ...(clientCreatedAt ? { clientCreatedAt } : {}),
    message: {
      case: 'sessionCreated',
      value: { defaultThresholds: { en: threshold }, defaultThreshold: threshold },
    },
  }).toBinary();
}

/** The last answer. */
export function sessionClosed(): Uint8Array {
  return new ServerMessage({ message: { case: 'sessionClosed', value: {} } }).toBinary();
}

/** The probability that the turn has ended. */
export function prediction(options: {
  requestId: string;
  probability: number;
  latencyMs: number;
  /** When the client recorded the newest audio that was used. */
  audioCreatedAt: Timestamp | undefined;
}): Uint8Array {
  const { requestId, probability, latencyMs, audioCreatedAt } = options;
  const serverE2eLatency = new Duration({
    seconds: BigInt(Math.floor(latencyMs / 1000)),
    nanos: Math.round((latencyMs % 1000) * 1e6),
  });
  const inferenceStats = {
    serverE2eLatency,
    ...(audioCreatedAt ? { latestClientCreatedAt: audioCreatedAt } : {}),
  };
  return new ServerMessage({
    requestId,
    message: { case: 'eotPrediction', value: { probability, inferenceStats } },
  }).toBinary();
}
