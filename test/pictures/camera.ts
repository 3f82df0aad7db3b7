import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import UPNG from 'upng-js';

/** A picture as its pixels, four bytes each. */
interface Frame {
  readonly pixels: ArrayBuffer;
  readonly width: number;
  readonly height: number;
}

/** A part of the page, in pixels. */
export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function shoot(page: Page, clip?: Clip): Promise<Frame> {
  const png = await page.screenshot({ animations: 'disabled', ...(clip === undefined ? {} : { clip }) });
  const image = UPNG.decode(Uint8Array.from(png).buffer);
  const [pixels] = UPNG.toRGBA8(image);
  if (pixels === undefined) {
    throw new Error('a screenshot without a picture');
  }
  return { pixels, width: image.width, height: image.height };
}

async function write(
  file: string,
  frames: readonly Frame[],
  colours: number,
  delays: readonly number[],
): Promise<void> {
  const { width = 0, height = 0 } = frames[0] ?? {};
  const pixels = frames.map((frame) => frame.pixels);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(UPNG.encode(pixels, width, height, colours, [...delays])));
}

/** Writes a PNG of a part of the page, or of all of it, with a palette of so many colours. */
export async function takePicture(page: Page, file: string, colours: number, clip?: Clip): Promise<void> {
  await write(file, [await shoot(page, clip)], colours, []);
}

/** The upper left part of what is seen of something, at most of this size. */
export async function partOf(shown: Locator, width: number, height: number): Promise<Clip> {
  const box = await shown.boundingBox();
  if (box === null) {
    throw new Error('what is to be in the picture is not visible');
  }
  return { ...box, width: Math.min(width, box.width), height: Math.min(height, box.height) };
}

/** Takes a moving picture, frame by frame; each stays as long as it is told. */
export class Film {
  private readonly page: Page;
  private readonly frames: Frame[] = [];
  private readonly delays: number[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  /** Adds what is seen now; it stays for so many milliseconds. */
  async show(ms: number): Promise<void> {
    this.frames.push(await shoot(this.page));
    this.delays.push(ms);
  }

  /** Types a text, a few characters a frame. */
  async type(text: string): Promise<void> {
    for (const part of text.match(/.{1,3}/gs) ?? []) {
      await this.page.keyboard.insertText(part);
      // the terminal has drawn what came back, or draws it in the next frame
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      await this.show(110);
    }
  }

  /** Writes an animated PNG with one palette of so many colours. */
  save(file: string, colours: number): Promise<void> {
    return write(file, this.frames, colours, this.delays);
  }
}

/** Draws the mouse's pointer, which screenshots do not show. */
export async function drawPointer(page: Page): Promise<void> {
  await page.evaluate(() => {
    const pointer = document.createElement('div');
    pointer.style.cssText =
      'position:fixed;left:0;top:0;width:14px;height:20px;z-index:99999;pointer-events:none;background:white;' +
      'clip-path:polygon(0 0,0 80%,28% 62%,50% 100%,68% 92%,46% 56%,82% 54%);filter:drop-shadow(0 0 1px black)';
    document.body.append(pointer);
    addEventListener(
      'mousemove',
      ({ clientX, clientY }) => (pointer.style.transform = `translate(${clientX}px,${clientY}px)`),
      true,
    );
  });
}
