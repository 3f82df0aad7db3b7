/**
 * The sizes of input frames, in bytes: 512 is the largest that a public client is known to send. A larger one is tried
 * once a smaller one has passed a checksum, and given up for good when one fails.
 */
const sizes = [512, 4096, 65_536] as const;

/** How large a frame of input passes whole, as found out so far. */
export class FrameSizes {
  private at = 0;
  private largest: number = sizes.length - 1;

  get current(): number {
    return sizes[this.at] ?? sizes[0];
  }

  /** Input of {@link FrameSizes.current} came whole, or did not. */
  tell(hasPassed: boolean): void {
    if (hasPassed) {
      this.at = Math.min(this.at + 1, this.largest);
    } else if (this.at > 0) {
      this.at--;
      this.largest = this.at;
    }
  }
}
