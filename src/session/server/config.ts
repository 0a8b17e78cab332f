/** What a server is told at birth. */
import type { NodeId } from '../../machine.ts';
import type { Duration } from '../../time.ts';
import type { IntakeConfig } from './intake-config.ts';

export interface ServerConfig {
  readonly node: NodeId;
  readonly store: NodeId;
  readonly auth: NodeId;
  /** The agent process beside it; it dies with the server. */
  readonly agent: NodeId;
  readonly protoMin: number;
  readonly protoMax: number;
  readonly sessionTtl: Duration;
  /** A side that sent nothing for this long sends PING. */
  readonly heartbeatInterval: Duration;
  /** A side that heard nothing for this long calls the connection dead. */
  readonly deadAfter: Duration;
  /** A stream of which nothing became durable for this long, with the client waiting, is reported as stalled. */
  readonly stallAfter: Duration;
  /** From `incoming` to HELLO. */
  readonly helloTimeout: Duration;
  /** A request to store or token service is sent again after this long… */
  readonly callTimeout: Duration;
  /** …at most so often; then the connection is closed with 1013. */
  readonly callAttempts: number;
  /** Bytes asked of the store at once during replay. */
  readonly readBytes: number;
  /** GOAWAY notices are spread over this long, and clients wait a random time up to it. */
  readonly drainSpread: Duration;
  /** Live connections after which it refuses with 503; 0 for no limit. */
  readonly connectionsMax: number;
  /** Retry-after that goes with 1013, and with the 503 of one that is full or overloaded; there in whole seconds, rounded up. */
  readonly retryAfter: Duration;
  /** How fast it takes connections, and whom it lets wait. Default: everybody at once. */
  readonly intake?: IntakeConfig;
}
