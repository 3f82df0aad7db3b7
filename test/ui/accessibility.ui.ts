import type { Locator } from '@playwright/test';
import axe from 'axe-core';
import { expect, test, type Workbench } from './workbench.ts';

test.use({ credential: 'vscode' });

const themes = [
  ['Default Dark Modern', /\bvs-dark\b/],
  ['Default High Contrast', /\bhc-black\b/],
  ['Default High Contrast Light', /\bhc-light\b/],
] as const;

/** What VS Code's own quick pick has: a level on each option, and names on the keys that some commands have. */
const ofQuickPick = ['aria-allowed-attr', 'aria-prohibited-attr'];

/** What axe has for colours, which its types leave out. */
interface AxeColours {
  readonly commons: {
    readonly color: {
      readonly Color: new () => { parseString(text: string): void };
      readonly flattenColors: (front: unknown, back: unknown) => unknown;
      readonly getContrast: (back: unknown, front: unknown) => number;
    };
  };
}

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

/** The contrast of the text of a terminal's line with what is behind it, as axe computes it. */
function contrastOf(line: Locator): Promise<number> {
  return line.evaluate((element) => {
    const { Color, flattenColors, getContrast } = (window as unknown as { readonly axe: AxeColours }).axe
      .commons.color;
    const colourOf = (of: Element | null, name: 'color' | 'backgroundColor') => {
      const colour = new Color();
      colour.parseString(getComputedStyle(of ?? document.body)[name]);
      return colour;
    };
    const behind = colourOf(element.closest('.xterm'), 'backgroundColor');
    const text = colourOf(element.querySelector('span'), 'color');
    return getContrast(behind, flattenColors(text, behind));
  });
}

test('axe finds nothing in the welcome view, the tree and a quick pick, in a dark theme and both of high contrast', async ({
  workbench,
  vscode,
}) => {
  const { page } = workbench;
  await workbench.openView();
  const welcome = page.getByRole('button', { name: 'Sign In to Azure' });
  await expect(welcome).toBeVisible();
  expect(await violations(workbench, '.sidebar .pane-body')).toEqual([]);
  await welcome.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).click();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await expect(workbench.row(/^Container api, Running/)).toBeVisible();
  await expectNamedRows(workbench);
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
  await workbench.type('exit');
  const ended = workbench.terminal.locator('> div', { hasText: 'Session ended' });
  await expect(ended).toBeVisible();
  for (const [theme, kind] of themes) {
    await test.step(theme, async () => {
      await vscode.configure({ 'workbench.colorTheme': theme });
      await expect(page.locator('.monaco-workbench')).toHaveClass(kind);
      expect(await violations(workbench, '.sidebar .pane-body')).toEqual([]);
      await expect.poll(() => contrastOf(ended)).toBeGreaterThanOrEqual(4.4); // VS Code's 4.5, rounded to colours
      await workbench.runCommand('Container Instances: Exec');
      await expect(page.getByRole('option', { name: /shop-web/ })).toBeVisible();
      await page.screenshot({ path: `test-results/${theme}.png` });
      expect(await violations(workbench, '.quick-input-widget', ofQuickPick)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  }
});
