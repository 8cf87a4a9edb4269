// What every htmx request of ours has in common.
import { all, formToken, one, toast } from './page.js';

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (ctx.request.method !== 'GET') ctx.request.headers['X-CSRFToken'] = formToken();
});

// No answer at all: the network, or the server is being restarted. Typed text stays where it is.
document.addEventListener('htmx:error', () => toast(one('#toasts').dataset.offline, { isBad: true }));

// Who signed in again in another tab goes on here with the new form token; nothing typed has to be given up.
const signIns = new BroadcastChannel('aftercare-sign-in');
signIns.addEventListener('message', ({ data }) => {
  if (data.user !== document.body.dataset.user) return;
  one('meta[name="csrf-token"]').content = data.token;
  for (const input of all('input[name="csrf_token"]')) input.value = data.token;
  document.dispatchEvent(new Event('form-token-renewed'));
});
const { user } = document.body.dataset;
if (user) signIns.postMessage({ user, token: formToken() });
