// What hands over a file that is made first says so meanwhile, with the seconds gone. Without the script the browser just waits.

const SECOND = 1000;

/** A line behind the place; returns how it is taken away. */
function sayMaking(place) {
  const line = document.createElement('span');
  line.className = 'making';
  line.setAttribute('role', 'status');
  const text = document.createElement('span');
  line.append(document.createElement('progress'), text);
  let seconds = 0;
  const tell = () => {
    text.textContent = place.dataset.file.replace('{seconds}', seconds++);
  };
  tell();
  place.after(line);
  const clock = setInterval(() => {
    text.ariaHidden = 'true'; // said once, not every second
    tell();
  }, SECOND);
  return () => {
    clearInterval(clock);
    line.remove();
  };
}

/** The file of an answer under the name that app/web/downloads.py gives; nothing where the answer is a page. */
async function fetchFile(request) {
  const answer = await fetch(request);
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition')) ?? [];
  return name && new File([await answer.blob()], decodeURIComponent(name));
}

function save(file) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60 * SECOND);
}

/** A page is opened as it would be without the script: `again` asks for it once more, from then on without this. */
async function hand(event, place, request, again) {
  event.preventDefault();
  const stop = sayMaking(place);
  place.inert = true;
  const file = await fetchFile(request).catch(() => undefined);
  place.inert = false;
  stop();
  if (file) {
    save(file);
  } else {
    delete place.dataset.file;
    again();
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-file]');
  if (!form) return;
  const { submitter } = event;
  const body = new URLSearchParams(new FormData(form, submitter));
  hand(event, form, new Request(form.action, { method: form.method, body }), () => form.requestSubmit(submitter));
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-file]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  hand(event, link, new Request(link.href), () => link.click());
});
