// The list beside the detail: which row is open, going back on a phone, where the focus goes.
import { all, one } from './page.js';

const detail = () => one('#detail');

function openId() {
  return one('[data-user-task]', detail() ?? document)?.dataset.userTask;
}

/** Marks the row of the open user task. */
export function markRow() {
  const id = openId();
  for (const row of all('.row')) {
    if (id && row.id === `row-${id}`) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

const isNarrow = () => matchMedia('(width < 48.75rem)').matches;

function focusDetail() {
  const problem = one('#form-errors, .field.is-invalid :is(input, select, textarea)', detail());
  if (problem) problem.focus();
  else if (isNarrow()) one('h1', detail())?.focus();
}

// Where the facts stand above the form they would push it off the screen: only the number to call stays open.
function foldFacts() {
  for (const facts of all('.facts-more')) facts.open = getComputedStyle(one('summary', facts)).display === 'none';
}

document.addEventListener('htmx:after:swap', (event) => {
  if (event.detail.ctx?.target?.id !== 'detail') return;
  markRow();
  foldFacts();
  focusDetail();
  one('.detail-body', detail())?.scrollTo({ top: 0 });
});

// Back on a phone: the list is still there, behind; no need to ask the server for it.
document.addEventListener('click', (event) => {
  const back = event.target.closest('[data-back]');
  const nothing = one('#no-detail');
  if (!back || !nothing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const id = openId();
  detail().replaceChildren(nothing.content.cloneNode(true));
  history.pushState({ htmx: true }, '', back.href);
  markRow();
  one(`#row-${CSS.escape(id)}`)?.focus();
});

foldFacts();
markRow();
one('.row[aria-current]')?.scrollIntoView({ block: 'nearest' });
