import type { Locator } from '@playwright/test';
import type { Scenario } from '../emulator/scenario.ts';
import { expect, test } from './workbench.ts';

/** Everything in one text that somebody could take for more than a text. */
const hostile =
  'HOSTILE [click](command:workbench.action.closeAllEditors) $(alert) <img src=x> **b**\n\u001b[2J\u202eend';

const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: '99999999-0001-4000-8000-000000000001',
      displayName: hostile,
      groups: [
        {
          name: 'waits',
          resourceGroup: 'rg',
          location: hostile,
          tags: { owner: hostile },
          containers: [
            {
              name: 'waits',
              image: hostile,
              currentState: { state: 'Waiting', detailStatus: hostile },
            },
            {
              name: 'HOSTILE [x](command:y) $(alert) \u001b[2J\u202eend',
              image: 'sh',
              commands: ['/bin/sh'],
            },
          ],
        },
        {
          name: 'runs',
          resourceGroup: 'rg',
          location: 'westeurope',
          containers: [{ name: 'runs', image: `${hostile}${'x'.repeat(50_000)}`, commands: ['/bin/sh'] }],
        },
      ],
    },
  ],
};

test.use({ scenario });

/** Shows the hostile text, and shows it as it is: no link, no icon, no picture, no control character, and not without end. */
async function expectPlain(surface: Locator): Promise<void> {
  await expect(surface).toContainText('HOSTILE');
  expect(await surface.locator('a[href^="command:"], a[data-href^="command:"], img[src="x"]').count()).toBe(
    0,
  );
  expect(await surface.locator('.codicon-alert').count()).toBe(0);
  const text = (await surface.innerText()).replaceAll('\n', '');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text.length).toBeLessThan(20_000);
}

/** The tooltip of a row; one that is being redrawn has none. */
async function tooltipOf(row: Locator, text: string): Promise<Locator> {
  const page = row.page();
  const tooltip = page.locator('.monaco-hover:visible').filter({ hasText: text }).last();
  await expect(async () => {
    await page.mouse.move(0, 0);
    await row.hover();
    await expect(tooltip).toBeVisible({ timeout: 6_000 });
  }).toPass();
  return tooltip;
}

test('a text of Azure is nothing but text: in rows, tooltips, picks, dialogs, notifications, terminals and the view', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const failure = { kind: 'status', status: 400, code: 'Odd', message: hostile } as const;
  azure.addFault({ operation: 'subscriptions', ...failure, times: 'always' });
  await workbench.openView();
  await expectPlain(page.locator('.tree-explorer-viewlet-tree-view .message'));
  azure.reset();
  await workbench.runCommand('Container Instances: Refresh');
  const subscription = workbench.row(/^Subscription HOSTILE/);
  await expectPlain(subscription);
  await expectPlain(await tooltipOf(subscription, 'Subscription:'));
  const waits = workbench.row(/^Container group waits/);
  await expectPlain(waits);
  await expectPlain(await tooltipOf(waits, 'owner=HOSTILE'));
  await workbench.expand(waits);
  const container = workbench.row(/^Container waits/);
  await expectPlain(container);
  await expectPlain(await tooltipOf(container, 'Restarts:'));

  await workbench.runCommand('Container Instances: Select Subscriptions…');
  const picks = page.locator('.quick-input-list');
  await expectPlain(picks);
  await page.keyboard.press('Escape');

  await workbench.contextMenu(workbench.row(/^Container group runs/), 'Exec with Command…');
  await page.getByRole('textbox', { name: /Exec with Command/ }).fill('$(alert) HOSTILE');
  await expectPlain(picks);
  await page.keyboard.press('Escape');

  await workbench.contextMenu(waits, 'Delete');
  await expectPlain(page.locator('.monaco-dialog-box'));
  await page.keyboard.press('Escape');

  await workbench.contextMenu(container, 'Exec');
  const alert = page.locator('.monaco-aria-container [role=alert]').filter({ hasText: 'HOSTILE' }).first();
  await expectPlain(alert);
  await workbench.runCommand('Notifications: Show Notifications');
  await expectPlain(page.locator('.notifications-center'));
  await page.keyboard.press('Escape');

  azure.addFault({ operation: 'exec', ...failure, status: 500, times: 'always' });
  await workbench.contextMenu(workbench.row(/^Container HOSTILE/), 'Exec');
  await expectPlain(workbench.terminal);
  await expectPlain(page.locator('.single-terminal-tab'));
});
