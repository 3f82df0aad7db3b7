import axe from 'axe-core';
import { expect, test, type Workbench } from './workbench.ts';

test.use({ credential: 'vscode' });

/** What VS Code's own quick pick has: a level on each option, and names on the keys that some commands have. */
const ofQuickPick = ['aria-allowed-attr', 'aria-prohibited-attr'];

/** What axe finds wrong in a part of the page, as lines to read. */
async function violations(
  { page }: Workbench,
  selector: string,
  ignored: readonly string[] = [],
): Promise<readonly string[]> {
  await expect(page.locator(selector).first()).toBeVisible();
  await page.evaluate(axe.source);
  return page.evaluate(
    async ({ within, skipped }) => {
      // the script above has put it there
      const { axe: loaded } = window as unknown as { readonly axe: typeof axe };
      const { violations: found } = await loaded.run(within, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
        // Experimental; a row's name is a sentence around what it shows.
        rules: { 'label-content-name-mismatch': { enabled: false } },
      });
      return found
        .filter(({ id }) => !skipped.includes(id))
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    },
    { within: selector, skipped: ignored },
  );
}

/** Each row that there is has a name that says what it is, and a button that has one too. */
async function expectNamedRows({ page }: Workbench): Promise<void> {
  const rows = page.locator('.sidebar [role=treeitem]');
  const names = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    expect(name).toMatch(/^(Subscription|Container group|Container|Init container|Other tenants) /);
  }
}

test('axe finds nothing in the welcome view, the tree and a quick pick, in a dark and a high contrast theme', async ({
  workbench,
  vscode,
}) => {
  const { page } = workbench;
  test.setTimeout(150_000);
  await workbench.openView();
  const welcome = page.getByRole('button', { name: 'Sign In to Azure' });
  await expect(welcome).toBeVisible();
  expect(await violations(workbench, '.sidebar .pane-body')).toEqual([]);
  await welcome.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).click();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await expect(workbench.row(/^Container api, Running/)).toBeVisible();
  await expectNamedRows(workbench);
  for (const theme of ['Default Dark Modern', 'Default High Contrast']) {
    await test.step(theme, async () => {
      await vscode.configure({ 'workbench.colorTheme': theme });
      await expect(page.locator('.monaco-workbench')).toHaveClass(
        theme === 'Default High Contrast' ? /hc-black/ : /vs-dark/,
      );
      expect(await violations(workbench, '.sidebar .pane-body')).toEqual([]);
      await workbench.runCommand('Container Instances: Exec');
      await expect(page.getByRole('option', { name: /shop-web/ })).toBeVisible();
      await page.screenshot({ path: `test-results/${theme}.png` });
      expect(await violations(workbench, '.quick-input-widget', ofQuickPick)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  }
});
