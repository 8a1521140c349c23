import { render } from 'preact';
import { App } from './app/app.tsx';
import { startSession } from './app/session.ts';
import { applyTheme } from './app/theme.ts';

applyTheme();
void startSession();
const root = document.getElementById('app');
if (root) render(<App />, root);
