// Fresh lists and counts without reloading. One browser holds one stream, however many tabs are open: the tab that
// gets the lock listens to the server and tells the others. Where that is not possible, each tab asks now and then.
import htmx from 'htmx.org';

import { all, one, toast } from './page.js';
import { markRow } from './detail.js';

const CHANNEL = 'aftercare-changes';
const POLL_MS = 30_000;
const AGAIN_MS = 4000;
const GATHER_MS = 400; // changes come in bursts: one refresh for all of them
const BACKGROUND = { 'X-Background': '1' }; // does not keep an unattended session alive

let gathering;
let waiting;

// Lists of what people add to a case. One in which somebody is about to do something is left alone.
export async function refreshLists() {
  clearTimeout(waiting);
  for (const list of all('[data-live]')) {
    if (one('details[open]', list)) continue;
    await htmx.ajax('GET', list.dataset.live, { target: `#${list.id}`, swap: 'innerMorph', headers: BACKGROUND });
  }
}

// What a list holds is told on its tab; one that waits for a job (a preview, a scan) is asked again.
function tellCounts() {
  for (const { dataset } of all('[data-count-of]')) {
    const count = one(`.tabs [data-tab="${dataset.countOf}"] .count`);
    if (count) count.textContent = dataset.count === '0' ? '' : dataset.count;
    clearTimeout(waiting);
    if ('again' in dataset && !document.hidden) waiting = setTimeout(refreshLists, AGAIN_MS);
  }
}
document.addEventListener('htmx:after:swap', tellCounts);
tellCounts();

function rowsShown() {
  return all('.row').length;
}

async function refresh() {
  gathering = undefined;
  if (document.hidden) return;
  refreshLists();
  const rows = one('[data-refresh]');
  if (!rows) return;
  const url = new URL(rows.dataset.refresh, location.href);
  const open = one('#detail [data-user-task]');
  if (rowsShown()) url.searchParams.set('shown', rowsShown());
  if (open) {
    url.searchParams.set('open', open.dataset.userTask);
    url.searchParams.set('revision', open.dataset.revision);
  }
  await htmx.ajax('GET', url.pathname + url.search, { target: '#rows', swap: 'innerMorph', headers: BACKGROUND });
  markRow();
}

// The number at the bell comes after the page: no page waits for it.
async function refreshBell() {
  const bell = one('#bell');
  if (bell) await htmx.ajax('GET', bell.dataset.bell, { target: bell, swap: 'innerHTML', headers: BACKGROUND });
}

function refreshSoon() {
  gathering ??= setTimeout(refresh, GATHER_MS);
}

// Without a stream the page asks now and then, and tries to get a stream again.
function pollInstead(url, channel) {
  refreshSoon();
  refreshBell();
  setTimeout(() => takeTurn(url, channel), POLL_MS);
}

// Resolves when the stream ends for good, so that the lock goes to another tab.
function listen(url, channel) {
  return new Promise((resolve) => {
    const stream = new EventSource(url);
    stream.addEventListener('inbox-changed', () => {
      channel.postMessage('changed');
      refreshSoon();
    });
    stream.addEventListener('notified', () => {
      channel.postMessage('notified');
      refreshBell();
    });
    stream.addEventListener('signed-out', () => {
      toast(one('#toasts').dataset.signedOut, { isBad: true });
      stream.close();
      resolve();
    });
    stream.addEventListener('error', () => {
      if (stream.readyState !== EventSource.CLOSED) return; // the browser is trying again by itself
      pollInstead(url, channel);
      resolve();
    });
    addEventListener('pagehide', () => stream.close());
  });
}

function takeTurn(url, channel) {
  if (navigator.locks) navigator.locks.request(CHANNEL, () => listen(url, channel));
  else setInterval(() => [refreshSoon(), refreshBell()], POLL_MS);
}

function start(url) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }) => (data === 'notified' ? refreshBell() : refreshSoon()));
  refreshBell();
  takeTurn(url, channel);
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refreshSoon();
});
document.addEventListener('inbox-changed', refreshSoon); // HX-Trigger of an answer of ours
if (document.body.dataset.events) start(document.body.dataset.events);
