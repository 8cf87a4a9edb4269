// What hands over a file that is made first says so meanwhile, with the seconds gone. Without the script the browser just waits.

const SECOND = 1000;

/** A line beside the button; returns how it is taken away. */
function sayMaking(place) {
  const line = document.createElement('span');
  line.className = 'making';
  line.append(document.createElement('progress'), document.createElement('span'));
  const begin = performance.now();
  const tell = () => {
    line.lastChild.textContent = place.dataset.file.replace('{seconds}', Math.round((performance.now() - begin) / SECOND));
  };
  tell();
  line.setAttribute('role', 'status');
  place.after(line);
  const clock = setInterval(tell, SECOND);
  return () => {
    clearInterval(clock);
    line.remove();
  };
}

function nameIn(answer) {
  const disposition = answer.headers.get('Content-Disposition') ?? '';
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)/i.exec(disposition)?.[1] ?? '');
}

function save(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60 * SECOND);
}

/** Whatever is no file is a page: it is opened as it would be without the script. */
async function hand(place, address, options, open) {
  const stop = sayMaking(place);
  place.inert = true;
  try {
    const answer = await fetch(address, options);
    if (answer.redirected) location.assign(answer.url);
    else if (answer.ok && answer.headers.has('Content-Disposition')) save(await answer.blob(), nameIn(answer));
    else open();
  } catch {
    open();
  } finally {
    place.inert = false;
    stop();
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-file]');
  if (!form) return;
  event.preventDefault();
  const { submitter } = event;
  const openPage = () => {
    const chosen = Object.assign(document.createElement('input'), { type: 'hidden', name: submitter.name, value: submitter.value });
    form.append(chosen);
    form.submit();
    chosen.remove();
  };
  hand(form, form.action, { method: form.method, body: new URLSearchParams(new FormData(form, submitter)) }, openPage);
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-file]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  hand(link, link.href, {}, () => location.assign(link.href));
});
