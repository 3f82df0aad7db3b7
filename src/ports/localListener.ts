import { createServer, type Server, type Socket } from 'node:net';
import { LocalPortTaken } from './errors.ts';

/** The only address that is listened on. */
const localHost = '127.0.0.1';

/**
 * Listens on the first of these local ports that is free; 0 is any free one.
 * @throws {LocalPortTaken} when none is.
 */
export async function listenLocally(
  ports: readonly number[],
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  let taken: LocalPortTaken | undefined;
  for (const port of ports) {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onConnection);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: localHost, port, exclusive: true }, resolve);
      });
      return server;
    } catch (error) {
      taken = new LocalPortTaken(port, error);
    }
  }
  throw taken ?? new LocalPortTaken(0);
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
