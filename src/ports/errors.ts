/** The image has nothing that could connect to a port. */
export class NoRelayTool extends Error {
  override readonly name = 'NoRelayTool';

  /** `tools` are those that were looked for. */
  constructor(tools: readonly string[]) {
    super(`the image has none of ${tools.join(', ')}`);
  }
}

/** Somebody else listens on the local port, or the system does not allow it. */
export class LocalPortTaken extends Error {
  override readonly name = 'LocalPortTaken';
  readonly port: number;

  constructor(port: number, cause?: unknown) {
    super(`port ${port} of this computer cannot be listened on`, { cause });
    this.port = port;
  }
}
