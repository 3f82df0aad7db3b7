import type { RootImage } from '../test/emulator/rootFolders.ts';
import { Containers } from '../test/support/exec/containers.ts';
import { expectRightResults } from '../test/support/exec/remoteEngine.ts';

/** Those whose `sh` is dash, bash and busybox. */
const images: readonly RootImage[] = ['debian', 'bash', 'alpine'];

/** The engine's property test: how many random commands gave the right result. A wrong one ends those of its shell. */
export async function countRightResults(cases: number): Promise<number> {
  const containers = await Containers.start(images);
  const inImage = async (image: RootImage, index: number) => {
    const engine = containers.engine(image);
    const share = Math.floor((cases + index) / images.length); // all shares make up the whole
    try {
      return await expectRightResults(engine, share);
    } catch (error) {
      console.error(error);
      return 0;
    } finally {
      engine.dispose();
    }
  };
  try {
    const counts = await Promise.all(images.map(inImage));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await containers.close();
  }
}
