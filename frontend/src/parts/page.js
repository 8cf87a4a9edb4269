// Small things the other parts share.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The token that every request which changes something must carry. */
export const formToken = () => one('meta[name="csrf-token"]').content;

/** Whether `element` takes typed text, where single keys must not do anything else. */
export function isTyping(element) {
  return element.matches?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]') ?? false;
}

/** Says something in the corner for a few seconds, to the screen reader as well. */
export function toast(text, { isBad = false } = {}) {
  const box = document.createElement('p');
  box.className = isBad ? 'toast is-bad' : 'toast';
  box.textContent = text;
  one('#toasts').append(box);
  setTimeout(() => box.remove(), 6000);
}
