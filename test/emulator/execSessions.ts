import { randomInt, randomUUID } from 'node:crypto';

/** What an exec session was asked for. */
export interface ExecRequest {
  readonly command: string;
  readonly rows: number;
  readonly cols: number;
}

export interface PendingSession {
  readonly kind: 'exec' | 'attach';
  readonly groupId: string;
  readonly container: string;
  readonly request: ExecRequest;
  readonly password: string;
}

/** How long an unused password is good for, in milliseconds. The service's own limit is not known. */
const passwordLifetimeMs = 60_000;

const printable = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!(){}[]<>|=+-_.,:;/%$*&^~';

/** The sessions that POST exec and attach have promised and no websocket has taken yet. */
export class ExecSessions {
  private readonly endpoint: string;
  private readonly pending = new Map<
    string,
    { readonly session: PendingSession; readonly timer: NodeJS.Timeout }
  >();

  constructor(endpoint: string) {
    this.endpoint = endpoint.replace(/^https/, 'wss');
  }

  exec(groupId: string, container: string, request: ExecRequest): object {
    const { id, password } = this.add('exec', groupId, container, request);
    return {
      webSocketUri: `${this.endpoint}/execstream/sessionId/${id}?api-version=1.0&rows=${request.rows}&cols=${request.cols}`,
      password,
    };
  }

  attach(groupId: string, container: string): object {
    const { id, password } = this.add('attach', groupId, container, { command: '', rows: 24, cols: 80 });
    return { webSocketUri: `${this.endpoint}/logstream/sessionId/${id}?api-version=1.0`, password };
  }

  /** Takes the session that a websocket asks for: each is good for one. */
  take(pathname: string): PendingSession | undefined {
    const id = pathname.split('/').at(-1) ?? '';
    const entry = this.pending.get(id);
    clearTimeout(entry?.timer);
    this.pending.delete(id);
    return entry?.session;
  }

  close(): void {
    for (const { timer } of this.pending.values()) {
      clearTimeout(timer);
    }
    this.pending.clear();
  }

  private add(kind: PendingSession['kind'], groupId: string, container: string, request: ExecRequest) {
    const id = randomUUID();
    const password = `${Array.from({ length: 25 }, () => printable[randomInt(printable.length)]).join('')}[[EOM]]`;
    const timer = setTimeout(() => this.pending.delete(id), passwordLifetimeMs);
    this.pending.set(id, { session: { kind, groupId, container, request, password }, timer });
    return { id, password };
  }
}
