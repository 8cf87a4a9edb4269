// What every htmx request of ours has in common.
import { formToken, one, toast } from './page.js';

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (ctx.request.method !== 'GET') ctx.request.headers['X-CSRFToken'] = formToken();
});

// No answer at all: the network, or the server is being restarted. Typed text stays where it is.
document.addEventListener('htmx:error', () => toast(one('#toasts').dataset.offline, { isBad: true }));
