import { expect, test } from './workbench.ts';

test.use({ credential: 'vscode' });

test('the walkthrough leads from signing in to logs, and nothing shows by itself', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const walkthrough = page.locator('.gettingStartedContainer');
  const step = (title: string) => walkthrough.locator('.getting-started-step', { hasText: title });
  const picture = walkthrough.locator('.getting-started-media img');
  /** Opens a step, sees its picture, presses its button, does what it asks, and sees the step done. */
  const take = async (title: string, button: string, act: () => Promise<void>) => {
    await test.step(title, async () => {
      const done = step(title).locator('.codicon.complete');
      await step(title).click();
      await expect(picture).toHaveAttribute('srcset', /walkthrough/);
      await expect
        .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
        .toBeGreaterThan(100);
      await step(title).getByRole('button', { name: button }).click();
      await act();
      await expect(done).toBeVisible();
    });
  };

  await expect(walkthrough).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(azure.requests).toEqual([]);
  await workbench.runCommand('Welcome: Open Walkthrough');
  await page.getByRole('option', { name: /Get Started with Container Instances/ }).click();
  await expect(walkthrough.locator('.getting-started-step')).toHaveCount(5);
  await expect(walkthrough.locator('.getting-started-step .codicon.complete')).toHaveCount(0);

  await take('Sign in to Azure', 'Sign In to Azure', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).click();
  });
  await take('Find a container', 'Show Container Groups', async () => {
    await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
  });
  await take('Open a terminal in it', 'Exec', async () => {
    await page.getByRole('option', { name: /shop-web/ }).click();
    await expect(workbench.terminal).toContainText('SandboxHost');
  });
  await take('Give it the room that it needs', 'Maximize the Panel', async () => {
    await expect(walkthrough).toBeHidden();
    await page.getByRole('button', { name: /Restore Panel/ }).click();
  });
  await take('Follow the logs', 'Follow Logs', async () => {
    await page.getByRole('option', { name: /shop-web/ }).click();
    await expect(workbench.terminal).toContainText('GET /health 200');
  });
  await page.screenshot({ path: 'test-results/walkthrough-done.png' });
});
