// Opens the engine and mounts the app; nothing else.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openEngine } from './state/page/session';
import { watchStorage } from './state/page/storage';
import { App } from './ui/app/App';
import { startInterfaceLanguage } from './ui/i18n';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
// The engine opens while the page is made, so that a question asked at once is answered soon.
watchStorage();
void openEngine();
await startInterfaceLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
