// The browser's own memory. One that keeps nothing (private windows, blocked storage) still lets people talk.

type Place = "localStorage" | "sessionStorage";

export function recall(place: Place, key: string): string {
  try {
    return window[place].getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a value; an empty one is forgotten. */
export function keep(place: Place, key: string, value: string): void {
  try {
    if (value) window[place].setItem(key, value);
    else window[place].removeItem(key);
  } catch {
    // Then it lasts as long as this page.
  }
}
