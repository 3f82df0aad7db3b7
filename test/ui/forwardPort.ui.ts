import net from 'node:net';
import type { Scenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

const subscription = '11111111-0001-4000-8000-000000000001';

const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: subscription,
      displayName: 'Contoso Production',
      groups: [
        {
          name: 'shop',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          containers: [
            { name: 'web', image: 'contoso/web', root: 'alpine' },
            { name: 'bare', image: 'contoso/bare', root: 'noBash' },
          ],
        },
        {
          name: 'legacy',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          osType: 'Windows',
          containers: [{ name: 'iis', image: 'contoso/iis' }],
        },
      ],
    },
  ],
};

test.use({ goesOn: true, scenario });

const groupId = `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop`;

async function openGroup(workbench: Workbench, name: string): Promise<void> {
  await workbench.openView();
  await workbench.expand(workbench.row(new RegExp(`^Container group ${name}, Running`)));
}

/** A port of this computer that is free. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function forward(workbench: Workbench, row: RegExp, port: number): Promise<void> {
  await workbench.contextMenu(workbench.row(row), 'Forward Port…');
  const input = workbench.page.locator('.quick-input-widget input:visible').first();
  await input.fill(String(port));
  await input.press('Enter');
}

test('a port of a web server in the container: opened in the browser, traffic in its row, stopped there', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const port = await freePort();
  await openGroup(workbench, 'shop');
  await workbench.contextMenu(workbench.row(/^Container web, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('#');
  await workbench.type(
    `mkdir /www; echo '<h1>Hello from the container</h1>' >/www/index.html; httpd -f -p 127.0.0.1:${port} -h /www`,
  );
  await expect
    .poll(() => azure.processes(groupId, 'web').some(({ command }) => command.startsWith('httpd')))
    .toBe(true);

  await forward(workbench, /^Container web, Running/, port);
  await workbench.expectMessage(`Port ${port} of container "web" is now localhost:`);
  const row = workbench.row(new RegExp(`^Port ${port}, forwarded to localhost:\\d+`));
  await expect(row).toBeVisible();
  // The web server has the port of this computer, as the container shares its network.
  const localPort = Number(/localhost:(\d+)/.exec((await row.getAttribute('aria-label')) ?? '')?.[1]);
  expect(localPort).not.toBe(port);

  const answer = await fetch(`http://127.0.0.1:${localPort}/`);
  expect(await answer.text()).toContain('Hello from the container');
  await expect(row).toHaveAttribute('aria-label', /↑ \d+ B ↓ \d+ B/);

  const popup = page.waitForEvent('popup');
  await row.hover();
  await row.getByRole('button', { name: 'Open in Browser' }).click();
  const opened = await popup;
  // A VS Code in the browser reaches the ports of its server through a proxy, which this one does not run.
  await expect(opened).toHaveURL(new RegExp(`\\b${localPort}\\b`));
  await opened.goto(`http://localhost:${localPort}/`);
  await expect(opened.getByText('Hello from the container')).toBeVisible();
  await opened.close();
  if (process.env['SCREENSHOT'] !== undefined) {
    await row.hover();
    await page.screenshot({ path: process.env['SCREENSHOT'] });
  }

  await workbench.contextMenu(row, 'Stop Forwarding');
  await expect(row).toBeHidden();
  await expect(fetch(`http://127.0.0.1:${localPort}/`)).rejects.toThrow();
});

test('a container that ends takes its forwards along; no tool, Windows: one line each', async ({
  workbench,
  azure,
}) => {
  await openGroup(workbench, 'shop');
  await forward(workbench, /^Container bare, Running/, 80);
  await workbench.expectMessage('The image has none of perl, python3');

  await forward(workbench, /^Container web, Running/, 80);
  const row = workbench.row(/^Port 80, forwarded to localhost:\d+/);
  await expect(row).toBeVisible();
  await workbench.contextMenu(workbench.row(/^Container group shop, Running/), 'Stop');
  await workbench.expectMessage('Port 80 of container "web" is forwarded no more');
  await expect(row).toBeHidden();
  await expect.poll(() => azure.processes(groupId, 'web')).toEqual([]);

  await workbench.expand(workbench.row(/^Container group legacy, Running/));
  await workbench.contextMenu(workbench.row(/^Container iis, Running/), 'Forward Port…');
  await workbench.expectMessage('This is not there for Windows containers.');
});
