// Everything by keyboard; `?` shows the list. Single keys can be switched off (WCAG 2.1.4).
import { all, isTyping, one } from './page.js';

const SWITCH = 'single-keys';
const SEQUENCE_MS = 1200;
let afterG = 0;

const ROWS = '.row, [data-row]';

const isOn = () => localStorage.getItem(SWITCH) !== 'off';
const press = (selector) => one(selector)?.click();

function step(distance) {
  const rows = all(ROWS);
  const here = document.activeElement.closest(ROWS) ?? one('.row[aria-current]');
  const next = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(here) + distance))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

// Digits answer the question that has the focus, else the first one without an answer, and go on to the next:
// a whole questionnaire can be filled in with one hand.
function choose(number) {
  const questions = all('#detail [role="radiogroup"], .start-form [role="radiogroup"]');
  const isOpen = (question) => !one(':checked', question);
  const question = document.activeElement.closest('[role="radiogroup"]') ?? questions.find(isOpen) ?? questions[0];
  const choice = question && all('[type="radio"]:enabled', question)[number - 1];
  if (!choice) return;
  choice.click();
  const next = questions.slice(questions.indexOf(question) + 1).find(isOpen);
  (next ? one('[type="radio"]', next) : choice).focus();
}

// The number of the call that has the focus, else the first one of the page.
function dial() {
  const card = document.activeElement.closest('[data-call]');
  one('[href^="tel:"]', card ?? document)?.click();
}

function showHelp() {
  const dialog = one('#keyboard-help');
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  '/': () => one('#search')?.focus(),
  '?': showHelp,
  c: () => press('[data-key="claim"]'),
  u: () => press('[data-back]'),
  f: () => press('[data-tab="form"]'),
  h: () => press('[data-tab="history"]'),
  d: () => press('[data-tab="diagram"]'),
  m: () => press('[data-tab="discussion"]'),
  a: () => press('[data-tab="files"]'),
  p: dial,
  n: () => press('[data-key="next"], [data-key="start"]'),
};
const PLACES = { i: '[data-go="inbox"]', c: '[data-go="cases"]', s: '[data-key="start"]' };

function singleKey(event) {
  if (Date.now() - afterG < SEQUENCE_MS && PLACES[event.key]) {
    afterG = 0;
    return () => press(PLACES[event.key]);
  }
  if (event.key === 'g') return () => (afterG = Date.now());
  if (/^[1-9]$/.test(event.key)) return () => choose(Number(event.key));
  return KEYS[event.key];
}

function arrows(event) {
  const distance = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!distance || !event.target.closest?.(ROWS)) return false;
  event.preventDefault();
  step(distance);
  return true;
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    const form = event.target.closest?.('form') ?? one('#detail form[data-draft], form.start-form');
    form?.requestSubmit(one('[data-submit]', form) ?? undefined);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one('dialog[open]')) return;
  if (isTyping(event.target)) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (arrows(event) || !isOn()) return;
  const act = singleKey(event);
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-single-keys]')) localStorage.setItem(SWITCH, target.checked ? 'on' : 'off');
});
for (const box of all('[data-single-keys]')) box.checked = isOn();
