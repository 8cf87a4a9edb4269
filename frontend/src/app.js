// Everything here is a convenience: each page also works as plain links and forms.
import 'htmx.org';

import './app.css';
import './parts/requests.js';
import './parts/theme.js';
import './parts/menus.js';
import './parts/detail.js';
import './parts/drafts.js';
import './parts/uploads.js';
import './parts/downloads.js';
import './parts/composer.js';
import './parts/mentions.js';
import './parts/keyboard.js';
import './parts/live.js';
import './parts/send-at-once.js';
import './parts/tick-all.js';
