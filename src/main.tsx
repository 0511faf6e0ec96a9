// Mounts the app; nothing else.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './ui/app/App';
import { startInterfaceLanguage } from './ui/i18n';
import './ui/theme.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await startInterfaceLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
