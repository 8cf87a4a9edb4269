// What is typed into a form with data-draft is kept on the server while it is typed. Nothing is asked of the person.
import { formToken, one, toast } from './page.js';

const PAUSE = 700; // milliseconds without typing before the draft is sent
const waiting = new Map(); // form -> timer
const SIGNED_OUT = new Set([400, 401]); // the form token or the session is no longer good
const refused = new Set(); // forms whose draft was not taken for that: leaving the page would lose what was typed

function show(form, text, isBad = false) {
  const state = one('[data-draft-state]', form);
  if (!state) return;
  state.textContent = text;
  state.parentElement.classList.toggle('is-bad', isBad);
}

async function send(form, { keepalive = false } = {}) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const headers = { 'X-CSRFToken': formToken(), Accept: 'application/json' };
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body: new FormData(form), headers, keepalive });
    const { message } = await answer.json();
    show(form, message, !answer.ok);
    if (answer.ok) refused.delete(form);
    else if (SIGNED_OUT.has(answer.status)) refused.add(form);
    if (!answer.ok && form.isConnected === false) toast(message, { isBad: true });
  } catch {
    show(form, form.dataset.draftFailed, true);
    schedule(form, PAUSE * 10);
  }
}

function schedule(form, pause = PAUSE) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form), pause));
}

function sendAllNow() {
  for (const form of [...waiting.keys()]) send(form, { keepalive: true });
}

document.addEventListener('input', (event) => {
  const form = event.target.closest?.('form[data-draft]');
  if (!form) return;
  show(form, form.dataset.draftPending);
  schedule(form);
});

// The submitted form is its own record: no draft may arrive after it.
document.addEventListener('submit', ({ target }) => {
  clearTimeout(waiting.get(target));
  waiting.delete(target);
}, true);

document.addEventListener('form-token-renewed', () => {
  for (const form of refused) if (form.isConnected) send(form);
});
addEventListener('beforeunload', (event) => {
  if ([...refused].some((form) => form.isConnected)) event.preventDefault();
});

// Claiming, another row, another tab: what is typed is on the server before the next page is made from it.
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  const unsent = [...waiting.keys()];
  if (!unsent.length) return;
  const fetchNow = ctx.fetch;
  ctx.fetch = async (...request) => {
    await Promise.all(unsent.map((form) => send(form)));
    return fetchNow(...request);
  };
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-save-draft]');
  if (!button) return;
  event.preventDefault();
  send(button.form);
});

addEventListener('pagehide', sendAllNow);
