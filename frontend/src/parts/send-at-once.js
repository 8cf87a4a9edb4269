// A page that only leads on: its form is sent at once. Without scripts the person presses the button.
import { one } from './page.js';

const form = one('form[data-send-at-once]');
if (form) form.requestSubmit();
