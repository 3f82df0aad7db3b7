// Makes all pictures of the README and of the walkthrough from the running product: `npm run pictures`.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import type { Scenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from '../ui/workbench.ts';
import { drawPointer, Film, partOf, takePicture, type Clip } from './camera.ts';

test.use({ credential: 'vscode' });

const media = path.resolve(import.meta.dirname, '../../media');

const themes = [
  { name: 'dark', colorTheme: 'Default Dark Modern' },
  { name: 'light', colorTheme: 'Default Light Modern' },
] as const;

/** Only what belongs to the extension is in the pictures. */
const plain = {
  'workbench.statusBar.visible': false,
  'workbench.layoutControl.enabled': false,
  'workbench.hover.delay': 60_000,
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'terminal.integrated.cursorBlinking': false,
};

const production = '/subscriptions/11111111-0001-4000-8000-000000000001';
const orders = `${production}/resourceGroups/rg-orders/providers/Microsoft.ContainerInstance/containerGroups/orders-api`;

/** Colours of a picture of the walkthrough: few, as it is in the VSIX. */
const few = 6;

/** Something to look at in the container: what `ls` and `vim` show. */
const files = [
  'mkdir -p app logs',
  `printf '%s\\n' '{' '  "Urls": "http://+:8080",' '  "Logging": { "Default": "Information" },' '  "Orders": {' '    "RetryCount": 5,' '    "TimeoutSeconds": 30' '  }' '}' > appsettings.json`,
  `printf '#!/bin/sh\\nexec dotnet orders.dll\\n' > start.sh`,
  'chmod +x start.sh; exit',
].join('; ');

const logLines = {
  api: [
    '\x1b[32minfo\x1b[0m: GET /orders 200 in 12 ms',
    '\x1b[33mwarn\x1b[0m: payment of order 4711 is late',
    '\x1b[32minfo\x1b[0m: POST /orders 201 in 31 ms',
  ],
  envoy: ['cluster orders: 3 healthy hosts', 'upstream orders: 201 POST /orders'],
  'log-shipper': ['flushed 214 records'],
} as const;

/** A container with a file system of its own. */
const ownFiles: Scenario = {
  subscriptions: [
    {
      subscriptionId: '11111111-0001-4000-8000-000000000001',
      displayName: 'Contoso Production',
      groups: [
        {
          name: 'orders-api',
          resourceGroup: 'rg-orders',
          location: 'westeurope',
          containers: [{ name: 'api', image: 'contoso.azurecr.io/orders/api:4.12.0', root: 'alpine' }],
        },
      ],
    },
  ],
};

const settingsFile = `{
  "Urls": "http://+:8080",
  "Logging": { "Default": "Information" },
  "Orders": {
    "RetryCount": 5,
    "TimeoutSeconds": 30
  }
}
`;

/** An item of a menu with those below it. */
async function around(item: Locator): Promise<Clip> {
  const { x, y } = await partOf(item, 1, 1);
  return { x: x - 40, y: y - 12, width: 260, height: 130 };
}

async function signIn({ page }: Workbench): Promise<void> {
  await page.getByRole('button', { name: 'Sign In to Azure' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
}

for (const { name, colorTheme } of themes) {
  test(`pictures in the ${name} theme`, async ({ workbench, vscode, azure }) => {
    const { page } = workbench;
    const { terminal } = workbench;
    const step = (picture: string) => path.join(media, 'walkthrough', `${picture}-${name}.png`);
    const sidebar = page.locator('.part.sidebar');
    const panel = page.locator('.part.panel');
    const api = workbench.row(/^Container api, Running/);
    azure.setTimings({ logLineMs: 0 });
    await vscode.configure({ ...plain, 'workbench.colorTheme': colorTheme });
    await page.setViewportSize({ width: 1000, height: 600 });
    await workbench.openView();
    await expect(page.getByRole('button', { name: 'Sign In to Azure' })).toBeVisible();
    await page.mouse.move(700, 100);
    await takePicture(page, step('signIn'), few, await partOf(sidebar, 300, 125));

    await signIn(workbench);
    await workbench.expand(workbench.row(/^Container group orders-api, Running/));
    await expect(api).toBeVisible();
    await expect(page.getByRole('progressbar').filter({ visible: true })).toHaveCount(0);
    await page.mouse.move(700, 100);
    await takePicture(page, step('find'), few, {
      ...(await partOf(workbench.row(/^Subscription Contoso Production/), 300, 300)),
      height: 110,
    });

    // what the film and the pictures show is there before
    await workbench.contextMenu(api, 'Exec');
    await expect(terminal).toContainText('SandboxHost');
    await workbench.type(files);
    await expect(terminal).toContainText('Session ended');
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    await expect(panel).toBeHidden();

    await expect(page.locator('.quick-input-widget')).toBeHidden();
    await drawPointer(page);
    const film = new Film(page);
    await page.mouse.move(400, 150);
    await film.show(1200);
    await api.hover();
    await film.show(600);
    await api.click({ button: 'right' });
    const exec = page.getByRole('menuitem', { name: 'Exec', exact: true });
    await exec.hover();
    await expect(exec).toBeFocused();
    await film.show(1200);
    await takePicture(page, step('exec'), few, await around(exec));
    const submenu = page.getByRole('menuitem', { name: 'Files', exact: true });
    await submenu.hover();
    await expect(submenu).toBeFocused();
    await page.keyboard.press('ArrowRight');
    const browse = page.getByRole('menuitem', { name: 'Browse Files…', exact: true });
    await expect(browse).toBeFocused();
    await takePicture(page, step('files'), few, await around(browse));
    await page.keyboard.press('ArrowLeft');
    await exec.hover();
    await expect(exec).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(terminal).toContainText(/SandboxHost.*#/);
    await page.mouse.move(700, 200);
    await film.show(1000);
    await film.type('ls -F --color');
    await page.keyboard.press('Enter');
    await expect(terminal).toContainText('start.sh');
    await film.show(1500);
    await film.type('vim appsettings.json');
    await page.keyboard.press('Enter');
    await expect(terminal).toContainText('TimeoutSeconds');
    await page.keyboard.type(':set number ruler ft=json\n:syntax on\n:\x1b');
    await expect(terminal).toContainText('1,1');
    await film.show(1200);
    for (const by of [-180, 120]) {
      const box = await panel.boundingBox();
      const [x, y] = [700, (box?.y ?? 0) - 3];
      await page.mouse.move(x, y);
      await film.show(400);
      await page.mouse.down();
      for (let part = 1; part <= 4; part++) {
        await page.mouse.move(x, y + (by * part) / 4, { steps: 3 });
        await film.show(120);
      }
      await page.mouse.up();
      await expect.poll(() => terminal.locator('> div', { hasText: /\S/ }).last().innerText()).toMatch(/1,1/);
      await film.show(1000);
    }
    await takePicture(page, step('resize'), few, await partOf(panel, 350, 125));
    await film.type(':q');
    await page.keyboard.press('Enter');
    await expect(terminal).not.toContainText('TimeoutSeconds');
    await film.show(1500);
    await film.save(path.join(media, `exec-${name}.png`), 64);

    await workbench.contextMenu(workbench.row(/^Container group orders-api, Running/), 'Follow Logs');
    await expect(terminal).toContainText(/log-shipper *│/);
    for (const [container, lines] of Object.entries(logLines)) {
      azure.writeLog(orders, lines, container);
    }
    await expect(terminal).toContainText('flushed 214 records');
    await page.mouse.move(700, 100);
    await takePicture(page, path.join(media, `logs-${name}.png`), 64);
    await takePicture(page, step('logs'), few, await partOf(panel, 350, 125));

    await workbench.contextMenu(workbench.row(/^Container group import-prices, Failed/), 'Explain State');
    await expect(page.locator('.editor-instance .view-lines')).toContainText('import-prices');
    await expect(page.locator('.codelens-decoration').first()).toBeVisible();
    await workbench.runCommand('View: Toggle Panel Visibility');
    await expect(panel).toBeHidden();
    await page.setViewportSize({ width: 1300, height: 460 });
    await page.mouse.move(1100, 400);
    await takePicture(page, path.join(media, `explain-${name}.png`), 64);
  });

  test.describe('files and ports', () => {
    test.use({ scenario: ownFiles, credential: 'environment' });

    test(`a file and a forwarded port in the ${name} theme`, async ({ workbench, vscode, azure }) => {
      const { page, terminal } = workbench;
      const input = page.locator('.quick-input-widget input[type=text]:visible').first();
      const api = workbench.row(/^Container api, Running/);
      await vscode.configure({ ...plain, 'workbench.colorTheme': colorTheme });
      await page.setViewportSize({ width: 1000, height: 540 });
      await workbench.openView();
      await workbench.expand(workbench.row(/^Container group orders-api, Running/));
      await workbench.contextMenu(api, 'Exec');
      await expect(terminal).toContainText('#');
      await workbench.type('mkdir -p /www; httpd -f -p 127.0.0.1:8080 -h /www & clear');
      await expect
        .poll(() => azure.processes(orders, 'api').some(({ command }) => command.startsWith('httpd')))
        .toBe(true);
      const folder = path.join(azure.rootOf(orders, 'api') ?? '', 'app');
      await mkdir(folder);
      await writeFile(path.join(folder, 'appsettings.json'), settingsFile);

      await workbench.contextMenu(api, 'Forward Port…');
      await input.fill('8080');
      await input.press('Enter');
      await expect(workbench.row(/^Port 8080, forwarded to localhost:/)).toBeVisible();
      await workbench.contextMenu(api, 'Files', 'Open File…');
      await input.fill('/app/appsettings.json');
      await expect(page.getByRole('option', { name: /^appsettings\.json/ })).toBeVisible();
      await input.press('Enter');
      await expect(page.locator('.editor-instance .view-lines')).toContainText('TimeoutSeconds');
      await workbench.type('clear; head -2 /app/appsettings.json');
      await expect(terminal).toContainText('http://+:8080');
      await expect(page.getByText(/^\d+ x \d+$/)).toBeHidden(); // the size that VS Code shows as it changes
      await page.mouse.move(700, 300);
      await takePicture(page, path.join(media, `files-${name}.png`), 64);
    });
  });
}
