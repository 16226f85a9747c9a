import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { clock } from './clock.ts'
import { live } from './live.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/bars.css'
import './styles/cast.css'
import './styles/guide.css'
import './styles/phones.css'
import './styles/notices.css'
import './styles/web-view.css'
import './styles/wire.css'
import './styles/narrow.css'

live.start()
clock.start()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
