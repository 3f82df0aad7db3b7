import { expect, test, type Workbench } from './workbench.ts';
import { secretCount, secretMark, secretsScenario } from '../support/secretsScenario.ts';

test.use({ scenario: secretsScenario });

/** Keeps all that comes into the page, to the clipboard and to another window, as one text each. */
async function watch({ page }: Workbench): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>([
    ['screen', []],
    ['console', []],
    ['clipboard', []],
    ['addresses', []],
  ]);
  await page.exposeFunction('seen', (where: string, text: string) => seen.get(where)?.push(text));
  page.on('console', (message) => seen.get('console')?.push(message.text()));
  await page.evaluate(() => {
    const tell = (window as unknown as { seen: (where: string, text: string) => void }).seen;
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
      tell('clipboard', text);
      return write(text);
    };
    window.open = (address) => {
      tell('addresses', String(address));
      return window;
    };
    // Whatever was on the screen for a moment, titles and names for screen readers among it.
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const added = [...addedNodes].map((node) =>
          node instanceof Element ? node.outerHTML : node.textContent,
        );
        tell(
          'screen',
          [target instanceof Element ? target.outerHTML.slice(0, 2_000) : target.textContent, ...added].join(
            '\n',
          ),
        );
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  return seen;
}

/** Commands of the palette, each for the only group there is, and what to pick further. */
const walk: readonly { readonly title: string; readonly pick?: RegExp }[] = [
  { title: 'View Properties' },
  { title: 'Copy Resource ID' },
  { title: 'Copy IP Address' },
  { title: 'Copy FQDN' },
  { title: 'Copy Azure CLI Command…', pick: /^az container exec/ },
  { title: 'Open in Browser' },
  { title: 'Open in Portal' },
];

test('no secret of a container group is shown, copied or kept, wherever one looks', async ({
  workbench,
  azure,
  vscode,
}) => {
  const { page } = workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const seen = await watch(workbench);

  page.setDefaultTimeout(20_000);
  await workbench.openView();
  await expect(workbench.row(/^Container group safe/)).toBeVisible();
  await test.step('rows and tooltips', async () => {
    const group = workbench.row(/^Container group safe/);
    await workbench.expand(group);
    for (const [row, text] of [
      [group, /Tags: owner=anna, db-password=\*{8}, apiKey=\*{8}/],
      [workbench.row(/^Container safe/), /contoso\.azurecr\.io\/safe:1\.0/],
      [workbench.row(/^Container broken/), /exit code 2/],
      [workbench.row(/^Init container prepare/), /Completed/],
    ] as const) {
      await page.mouse.move(700, 300);
      await expect(page.locator('.workbench-hover')).toBeHidden();
      await row.hover();
      await expect(page.locator('.workbench-hover')).toContainText(text);
    }
  });
  await test.step('messages', async () => {
    await workbench.contextMenu(workbench.row(/^Container broken/), 'Exec');
    await expect(page.getByText(/Container "broken" is not running/)).toBeVisible();
    const refusal = { kind: 'status', status: 400, code: 'Odd', message: 'Not today.' } as const;
    azure.addFault({ operation: 'get', times: 1, ...refusal });
    await workbench.runCommand('Container Instances: View Properties');
    await workbench.expectMessage('Not today');
    await expect(page.locator('.quick-input-widget')).toBeHidden();
  });
  for (const { title, pick } of walk) {
    await test.step(title, async () => {
      const left = () => (seen.get('clipboard')?.length ?? 0) + (seen.get('addresses')?.length ?? 0);
      const before = left();
      await workbench.runCommand(`Container Instances: ${title}`);
      if (pick !== undefined) {
        await page.getByRole('option', { name: pick }).click();
      }
      if (title.startsWith('Open')) {
        await page.getByRole('button', { name: 'Open', exact: true }).click();
      }
      await (title === 'View Properties'
        ? expect(page.locator('.editor-instance').getByText('"safe"').first()).toBeVisible()
        : expect.poll(left).toBe(before + 1));
      await expect(page.locator('.quick-input-widget')).toBeHidden();
    });
  }
  await test.step('all of the properties', async () => {
    await page.locator('.editor-instance').getByText('"safe"').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain('"imageRegistryCredentials"');
    seen.get('clipboard')?.push(await page.evaluate(() => navigator.clipboard.readText()));
  });

  expect(azure.requests.filter(({ operation }) => operation === 'metrics')).toHaveLength(1);
  seen.set('stored', [await workbench.stored()]);
  seen.set('page', [await page.content()]);
  seen.set('files', [...(await vscode.written()).values()]);
  for (const [where, texts] of seen) {
    expect(texts.length, `${where} was looked at`).toBeGreaterThan(0);
    expect(
      texts.filter((text) => text.includes(secretMark)).map((text) => text.slice(0, 500)),
      where,
    ).toEqual([]);
  }
  expect(seen.get('clipboard')?.join('\n')).toContain('az container exec');
  expect(secretCount).toBeGreaterThan(15);
});
