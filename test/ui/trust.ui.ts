import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { customEnvironment } from '../emulator/customEnvironment.ts';
import { expect, test } from './workbench.ts';

/** A host that a workspace would like tokens to be sent to; it counts who comes. */
let heard = 0;
const hostile = createServer((socket) => {
  heard++;
  socket.destroy();
});
hostile.listen(0, '127.0.0.1');
await once(hostile, 'listening');
hostile.unref();
const { port } = hostile.address() as AddressInfo; // it listens on TCP

test.use({
  files: {
    '.vscode/settings.json': JSON.stringify({
      'containerInstances.credential': 'azureCli',
      'microsoft-sovereign-cloud.environment': 'custom',
      'microsoft-sovereign-cloud.customEnvironment': customEnvironment(`https://127.0.0.1:${port}`),
    }),
  },
});

test('a trusted workspace chooses neither the cloud nor the credential, and the view says so', async ({
  workbench,
}) => {
  await workbench.openView();
  await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
  await expect(
    workbench.page.getByText(
      /settings of this workspace are not followed for .*microsoft-sovereign-cloud\.environment, microsoft-sovereign-cloud\.customEnvironment/,
    ),
  ).toBeVisible();
  expect(heard).toBe(0);
});
