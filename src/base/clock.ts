/**
 * Milliseconds since some moment in the past, for durations: it never goes back. Wall time (`Date.now()`) is for what is
 * shown, as anybody may set it.
 */
export type Clock = () => number;

/** A difference of the two clocks that is more than one of them being adjusted, in milliseconds. */
const jumpMs = 5_000;

/**
 * A clock that goes on while the computer sleeps, when the monotonic clock of some systems stands still: wall time that
 * jumps ahead counts, one that is set back does not.
 */
export function steadyClock(monotonic: Clock, wall: Clock): Clock {
  let slept = 0;
  let offset = wall() - monotonic();
  return () => {
    const now = monotonic();
    const jump = wall() - now - offset;
    if (Math.abs(jump) > jumpMs) {
      offset += jump;
      slept += Math.max(0, jump);
    }
    return now + slept;
  };
}

export const clock: Clock = steadyClock(
  () => performance.now(),
  () => Date.now(),
);

/** The longest that a timer waits: one that is set for longer goes off at once, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/** A time to wait, in milliseconds, as far as a timer can. */
export function timerMs(ms: number): number {
  return Math.min(Math.max(0, ms), longestTimerMs);
}
