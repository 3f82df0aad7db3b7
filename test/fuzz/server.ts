import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { createTls } from '../emulator/tls.ts';

/** What the server does with a request whose body is read, and with one for a websocket. */
export interface Behaviour {
  request(request: IncomingMessage, body: string, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface HostileServer {
  /** `127.0.0.1` and the port. */
  readonly host: string;
  behaviour: Behaviour;
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that is trusted, and behaves as each case says. */
export async function startServer(): Promise<HostileServer> {
  const files = await createTls();
  tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(files.caPath, 'utf8')]);
  const server = createServer(files);
  const started: HostileServer = {
    host: '',
    behaviour: {
      request: (_request, _body, response) => response.destroy(),
      upgrade: (_request, socket) => socket.destroy(),
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(files.folder, { recursive: true });
    },
  };
  server.on('request', (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('error', () => response.destroy());
    request.on('end', () => started.behaviour.request(request, body, response));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    started.behaviour.upgrade(request, socket, head);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return Object.assign(started, { host: `127.0.0.1:${port}` });
}
