// Keeps the newest in sight, but never takes somebody away who reads further up.

const NEAR_END = 80;
const TALL = 0.7; // Of the visible height: from there on an answer is shown from its beginning.

export class Scrolling {
  #isFollowing = true;
  #isAtEnd = true;
  #top = 0;

  /** Whether there is more below than can be seen. */
  static hasMore({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
    return scrollHeight - scrollTop - clientHeight >= NEAR_END;
  }

  /** Somebody who scrolls up or unfolds an article reads there, until the end is reached again. */
  noticed(box: HTMLElement, isUnfolding = false): void {
    if (!Scrolling.hasMore(box)) this.#isFollowing = this.#isAtEnd = true;
    else if (isUnfolding || box.scrollTop < this.#top) this.#isFollowing = this.#isAtEnd = false;
    this.#top = box.scrollTop;
  }

  /** Shows the end, and keeps to it. */
  toEnd(box: HTMLElement): void {
    this.#isFollowing = this.#isAtEnd = true;
    this.#top = 0; // What is noticed next may still be of a way up that ends here.
    box.scrollTop = box.scrollHeight;
  }

  /** A picture that comes late makes the talk longer: who was at the end, or on the way there, stays there. */
  grew(box: HTMLElement): void {
    if (this.#isAtEnd) this.toEnd(box);
  }

  /** Shows the end, or the beginning of a long answer (`newest`). `isSure` when the visitor did something. */
  follow(box: HTMLElement, newest: HTMLElement | null, isSure: boolean): void {
    if (!isSure && !this.#isFollowing) return;
    if (newest && newest.offsetHeight > box.clientHeight * TALL) {
      this.#isAtEnd = false;
      box.scrollTop += newest.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
    } else this.toEnd(box);
  }
}
