import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { customEnvironment } from '../emulator/customEnvironment.ts';

/** A host that a workspace would like tokens to be sent to; it counts who comes. */
let heard = 0;
const host = createServer((socket) => {
  heard++;
  socket.destroy();
});
host.listen(0, '127.0.0.1');
await once(host, 'listening');
host.unref();
const { port } = host.address() as AddressInfo; // it listens on TCP

/** How often somebody came to that host. */
export function visits(): number {
  return heard;
}

/** A workspace that chooses a credential, that host, and the command that Exec runs. */
export const hostileWorkspace = {
  '.vscode/settings.json': JSON.stringify({
    'containerInstances.credential': 'azureCli',
    'containerInstances.exec.linuxShells': ['/bin/sh -c echo\u0020chosen-by-the-workspace'],
    'microsoft-sovereign-cloud.environment': 'custom',
    'microsoft-sovereign-cloud.customEnvironment': customEnvironment(`https://127.0.0.1:${port}`),
  }),
};
