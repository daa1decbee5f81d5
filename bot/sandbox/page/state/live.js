/** The live connection of one person: a websocket that comes back by itself. */

const SLOWEST = 4000;

export class Live {
  /**
   * @param {string} userId
   * @param {{frame: (frame: any) => void, state: (connected: boolean) => void, lost: () => void}} told `lost`: several
   *   attempts in a row did not work
   */
  constructor(userId, told) {
    this.userId = userId;
    this.told = told;
    this.attempt = 0;
    this.stopped = false;
    this.socket = null;
    this.timer = 0;
    this.wake = () => this.#hurry();
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#open();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }

  /** Drop the connection and open a new one: the first frame is a snapshot. */
  again() {
    this.attempt = 0;
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) this.socket.close();
  }

  #open() {
    if (this.stopped) return;
    const address = new URL(`/_sandbox/live?as=${encodeURIComponent(this.userId)}`, window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      const frame = JSON.parse(event.data);
      if (frame.type === "snapshot") {
        this.attempt = 0;
        this.told.state(true);
      }
      this.told.frame(frame);
    });
    socket.addEventListener("close", () => {
      if (this.socket !== socket || this.stopped) return;
      this.told.state(false);
      this.timer = window.setTimeout(() => this.#open(), Math.min(SLOWEST, 150 * 1.7 ** this.attempt));
      this.attempt += 1;
      if (this.attempt % 4 === 0) this.told.lost();
    });
  }

  #hurry() {
    if (document.hidden || !this.socket || this.socket.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.#open();
  }
}
