import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './workbench.ts';

const root = path.resolve(import.meta.dirname, '../..');

// The one that `npm run test:ui` has packed.
test.use({ vsix: path.join(root, 'container-instances.vsix') });

const read = (file: string) => readFile(path.join(root, file), 'utf8');

test('from the VSIX: a terminal by a link, by the tree and by the terminal menu; diagnostics', async ({
  workbench,
  azure,
  vscode,
}) => {
  const { page } = workbench;
  const dialog = page.getByRole('dialog');
  const subscription = '11111111-0001-4000-8000-000000000001';
  const group = `/subscriptions/${subscription}/resourceGroups/rg-orders/providers/Microsoft.ContainerInstance/containerGroups/orders-api`;
  const linkTo = (resourceId: string, container: string, more = '') =>
    `code-oss://aci-tools.container-instances/exec?resourceId=${encodeURIComponent(resourceId)}&container=${container}${more}`;
  const sessions = () => azure.requests.filter(({ operation }) => operation === 'exec');
  /** Opens a link as from a browser: VS Code asks whether the extension may have it. */
  const follow = async (link: string) => {
    await workbench.forgetMessages();
    await workbench.runCommand('Developer: Open URL');
    const input = page.locator('.quick-input-widget input[type=text]');
    await input.fill(link);
    await input.press('Enter');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  };

  await test.step('a link asks first, and no is no', async () => {
    await follow(linkTo(group, 'api', '&command=rm'));
    await expect(dialog).toContainText('A link asks to open a terminal in the container "api".');
    await expect(dialog).toContainText('Container group: orders-api');
    await expect(dialog).toContainText('Resource group: rg-orders');
    await expect(dialog).toContainText(`Subscription: ${subscription}`);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    expect(azure.requests).toEqual([]);
  });

  await test.step('a malformed link is an error without a question', async () => {
    await follow(linkTo('/subscriptions/x', 'api'));
    await workbench.expectMessage(/This link names no container/);
  });

  await test.step('unknown resources', async () => {
    await follow(linkTo(group.replace('orders-api', 'no-such'), 'api'));
    await dialog.getByRole('button', { name: 'Open Terminal' }).click();
    await workbench.expectMessage(/There is no container group "no-such" in the resource group "rg-orders"/);
    await follow(linkTo(group, 'no-such'));
    await dialog.getByRole('button', { name: 'Open Terminal' }).click();
    await workbench.expectMessage(/The container group "orders-api" has no container "no-such"/);
  });

  await test.step('a subscription of another tenant', async () => {
    const elsewhere = '99999999-0001-4000-8000-000000000009';
    await follow(linkTo(group.replace(subscription, elsewhere), 'api'));
    await dialog.getByRole('button', { name: 'Open Terminal' }).click();
    await workbench.expectMessage(
      new RegExp(`Nobody who is signed in here sees the subscription ${elsewhere}`),
    );
    expect(sessions()).toEqual([]);
  });

  await test.step('accepted, a link opens a shell and nothing else', async () => {
    await follow(linkTo(group, 'api', '&command=rm'));
    await expect(dialog).toContainText('Subscription: Contoso Production');
    await dialog.getByRole('button', { name: 'Open Terminal' }).click();
    await expect(workbench.terminal).toContainText('SandboxHost');
  });

  await test.step('Exec by the tree', async () => {
    await workbench.openView();
    await workbench.expand(workbench.row(/^Container group orders-api, Running/));
    await workbench.contextMenu(workbench.row(/^Container envoy, Running/), 'Exec');
    await expect(page.getByText('envoy (orders-api)').first()).toBeVisible();
    await workbench.type('clear; echo héllo');
    await expect(workbench.terminal).toContainText(/^héllo/);
  });

  await test.step('the terminal profile', async () => {
    const profiles = page.getByRole('button', { name: /^Launch Profile/ });
    await workbench.choose(() => profiles.click({ timeout: 6_000 }), 'Azure Container Instance…');
    await page.getByRole('option', { name: /^log-shipper/ }).click();
    await expect(workbench.tabs.filter({ hasText: 'log-shipper (orders-api)' })).toBeVisible();
    await workbench.type('clear; echo profile');
    await expect(workbench.terminal).toContainText(/^profile/);
  });

  await test.step('Copy Exec Link gives the link', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Copy', 'Copy Exec Link');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(linkTo(group, 'api'));
  });

  await test.step('Collect Diagnostics', async () => {
    await vscode.configure({ 'containerInstances.exec.windowsShells': ['cmd.exe /c planted-secret', 'cmd'] });
    const editor = page.locator('.editor-instance .view-lines');
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect(async () => {
      // VS Code tells extensions of a changed file of settings a moment later.
      await workbench.runCommand('Container Instances: Collect Diagnostics');
      await expect(editor).toContainText('Container Instances for Azure: diagnostics');
      await editor.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Control+C');
      const told = 'containerInstances.exec.windowsShells (user): 2 entries';
      await expect.poll(clipboard, { timeout: 10_000 }).toContain(told);
    }).toPass();
    await expect.poll(clipboard).toContain('## Log');
    const text = await clipboard();
    const { hostname, port } = new URL(azure.endpoint);
    expect(text.match(new RegExp(`${hostname}:${port}: reachable`, 'g'))?.length).toBeGreaterThan(0);
    expect(text).toContain('accounts: 1');
    expect(text).toMatch(/Exec session open: \[\d+\] in \/subscriptions\/\[\d+\]/);
    expect(text).not.toMatch(/planted-secret|do-not-show|EOM|eyJ|11111111-|rg-orders|orders-api|log-shipper/);
    expect(text).not.toContain(azure.credentials.clientSecret);
    expect(text).not.toContain(azure.credentials.clientId);
  });
});

test('the VSIX names everything that is bundled, once, with its license', async () => {
  const notices = await read('ThirdPartyNotices.txt');
  const bill = JSON.parse(await read('sbom.cdx.json')) as { components: { name: string; version: string }[] }; // ours
  const lock = JSON.parse(await read('package-lock.json')) as {
    packages: Record<string, { version?: string; dev?: boolean }>; // npm's form
  };
  const bundled = new Set<string>();
  for (const file of await readdir(path.join(root, 'dist'))) {
    if (file.endsWith('.map')) {
      const { sources } = JSON.parse(await read(`dist/${file}`)) as { sources: string[] }; // esbuild's form
      for (const source of sources) {
        const folder = /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
        if (folder !== undefined) {
          bundled.add(folder);
        }
      }
    }
  }
  expect(bundled.size).toBeGreaterThan(30);
  const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  expect(named.size).toBe(bill.components.length);
  for (const folder of bundled) {
    const { version, dev } = lock.packages[folder] ?? {};
    const id = `${folder.replace(/^.*node_modules\//, '')}@${version ?? ''}`;
    expect(dev, `${id} is no development dependency: npm audit looks at it`).toBeUndefined();
    expect(named).toContain(id);
    expect(notices).toContain(`\n${id} (`);
  }
});
