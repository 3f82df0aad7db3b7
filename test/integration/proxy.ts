import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** A proxy on 127.0.0.1 that wants a name and a password, and brings every host name to this machine. */
export interface Proxy {
  /** Its address with name and password. */
  readonly url: string;
  /** The same with a password that it refuses. */
  readonly wrongUrl: string;
  /** The host names that were asked for with the right password; a test may empty it. */
  allowed: string[];
  /** A host name that it lets nobody reach. */
  refused: string;
  close(): void;
}

export async function startProxy(): Promise<Proxy> {
  const user = 'proxy-user:proxy-password';
  const server = createServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', (request, client) => {
    client.on('error', () => client.destroy());
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from(user).toString('base64')}`) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n',
      );
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    if (hostname === proxy.refused) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    proxy.allowed.push(hostname);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const proxy: Proxy = {
    url: `http://${user}@127.0.0.1:${port}`,
    wrongUrl: `http://proxy-user:wrong-password@127.0.0.1:${port}`,
    allowed: [],
    refused: '',
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}
