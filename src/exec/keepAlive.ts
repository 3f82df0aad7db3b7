import type { WebSocket } from 'ws';
import { timerMs } from '../base/clock.ts';

/** How many pings without a sign of life it takes until the peer counts as gone. */
const unansweredPings = 2;

/**
 * Pings the peer of a websocket. One that never answers pings is not dead, as no public source says whether the
 * service does; one that did answer and stopped is. Its silence is noticed within three intervals.
 */
export class KeepAlive {
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly socket: WebSocket;
  private readonly onSilence: () => void;
  private answers = false;
  private unanswered = 0;
  private readonly heard = () => {
    this.unanswered = 0;
  };
  private readonly answered = () => {
    this.answers = true;
    this.unanswered = 0;
  };

  /** `intervalMs` is the time between two pings in milliseconds; 0 sends none. */
  constructor(socket: WebSocket, intervalMs: number, onSilence: () => void) {
    this.socket = socket;
    this.onSilence = onSilence;
    if (intervalMs > 0) {
      socket.on('pong', this.answered);
      socket.on('message', this.heard);
      socket.ping(); // the first one shows early whether the peer answers
      this.timer = setInterval(() => this.tick(), timerMs(intervalMs));
    }
  }

  dispose(): void {
    clearInterval(this.timer);
    this.socket.off('pong', this.answered);
    this.socket.off('message', this.heard);
  }

  private tick(): void {
    if (this.socket.isPaused) {
      this.unanswered = 0; // an answer cannot be seen
    }
    if (this.answers && this.unanswered >= unansweredPings) {
      this.dispose();
      this.onSilence();
      return;
    }
    this.unanswered++;
    this.socket.ping();
  }
}
